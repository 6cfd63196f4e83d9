package dev.millrace.env;

import dev.millrace.core.experience.Experience;
import dev.millrace.core.loop.Ticket;
import dev.millrace.streams.MessageTypes;
import java.io.IOException;
import java.util.ArrayDeque;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** A group of a subtask, and the tickets that wait for parameters new enough to act with. */
final class GroupActor<E extends Experience> {
  private static final int VERSION = 1;

  final EnvironmentGroup<E> environments;

  /** At most as many as the ticket source has outstanding for a group. */
  final ArrayDeque<Ticket> waiting = new ArrayDeque<>();

  GroupActor(EnvironmentGroup<E> environments) {
    this.environments = environments;
  }

  byte[] save() throws IOException {
    TypeSerializer<Ticket> tickets = MessageTypes.TICKET.serializer();
    DataOutputSerializer out = new DataOutputSerializer(4096);
    out.writeInt(VERSION);
    out.writeInt(waiting.size());
    for (Ticket ticket : waiting) {
      tickets.serialize(ticket, out);
    }
    environments.save(out);
    return out.getCopyOfBuffer();
  }

  void restore(byte[] saved) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(saved);
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "actor state version=%d of group %d: this build reads version %d; use the build that wrote it"
              .formatted(version, environments.group(), VERSION));
    }
    TypeSerializer<Ticket> tickets = MessageTypes.TICKET.serializer();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      waiting.add(tickets.deserialize(in));
    }
    environments.restore(in);
  }
}
