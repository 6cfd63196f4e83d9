package dev.millrace.job.run;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.streaming.api.operators.collect.CollectCoordinationResponse;

/**
 * What a recorder answers a client.
 *
 * @param progress how the run stands, as in {@link RunFolder#progress()}
 * @param generation drawn anew each time the recorder opens: what was sent by another may have been
 *     taken back since
 * @param folder where the recorder keeps the run's files
 * @param files that there are
 * @param content bytes of the file asked for; empty if there are none, or none was asked for
 */
public record Answer(
    byte[] progress, long generation, String folder, List<Content> files, byte[] content) {

  /**
   * A file of the run.
   *
   * @param name relative to the run folder, with {@code /}
   * @param grows whether it only ever grows, or else is replaced
   * @param from the first byte there is; what is before it was lost with another machine
   * @param length behind the last byte there is
   * @param modified changes with each replacement
   */
  public record Content(String name, boolean grows, long from, long length, long modified) {}

  /** The answer where no recorder is running. */
  static CoordinationResponse nobody() {
    return new CollectCoordinationResponse("", 0, List.of());
  }

  /**
   * In an envelope of Flink's own: a client that Flink's command line started has a class loader
   * for the job's classes, and reads responses with another.
   */
  static CoordinationResponse inEnvelope(byte[] answer) {
    DataOutputSerializer out = new DataOutputSerializer(answer.length + Integer.BYTES);
    try {
      BytePrimitiveArraySerializer.INSTANCE.serialize(answer, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CollectCoordinationResponse("", 0, List.of(out.getCopyOfBuffer()));
  }

  /** The answer in an envelope; empty if no recorder was there to give it. */
  public static Optional<Answer> from(CoordinationResponse envelope) throws IOException {
    List<byte[]> answers =
        ((CollectCoordinationResponse) envelope).getResults(BytePrimitiveArraySerializer.INSTANCE);
    return answers.isEmpty() ? Optional.empty() : Optional.of(read(answers.get(0)));
  }

  byte[] bytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length + 1024);
    DataOutputStream out = new DataOutputStream(bytes);
    write(progress, out);
    out.writeLong(generation);
    out.writeUTF(folder);
    out.writeInt(files.size());
    for (Content file : files) {
      out.writeUTF(file.name());
      out.writeBoolean(file.grows());
      out.writeLong(file.from());
      out.writeLong(file.length());
      out.writeLong(file.modified());
    }
    write(content, out);
    return bytes.toByteArray();
  }

  private static Answer read(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    byte[] progress = in.readNBytes(in.readInt());
    long generation = in.readLong();
    String folder = in.readUTF();
    List<Content> files = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      files.add(
          new Content(in.readUTF(), in.readBoolean(), in.readLong(), in.readLong(), in.readLong()));
    }
    return new Answer(progress, generation, folder, files, in.readNBytes(in.readInt()));
  }

  private static void write(byte[] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
