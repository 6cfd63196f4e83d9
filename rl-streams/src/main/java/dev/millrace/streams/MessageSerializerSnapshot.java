package dev.millrace.streams;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Which message type wrote a piece of state; every older format of the same type is readable. */
public final class MessageSerializerSnapshot<T> implements TypeSerializerSnapshot<T> {
  private MessageType<T> type;

  /** For Flink, which then calls {@link #readSnapshot}. */
  public MessageSerializerSnapshot() {}

  MessageSerializerSnapshot(MessageType<T> type) {
    this.type = type;
  }

  @Override
  public int getCurrentVersion() {
    return 1;
  }

  @Override
  public void writeSnapshot(DataOutputView out) throws IOException {
    out.writeUTF(type.name());
  }

  @Override
  @SuppressWarnings("unchecked")
  public void readSnapshot(int version, DataInputView in, ClassLoader loader) throws IOException {
    type = (MessageType<T>) MessageType.named(in.readUTF());
  }

  @Override
  public TypeSerializer<T> restoreSerializer() {
    return type.serializer();
  }

  // Flink 1.20 and Flink 2 ask the same question the other way round.

  @SuppressWarnings("deprecation")
  public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
      TypeSerializer<T> serializer) {
    return compatibility(serializer instanceof MessageSerializer<T> other ? other.type() : null);
  }

  public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
      TypeSerializerSnapshot<T> older) {
    return compatibility(older instanceof MessageSerializerSnapshot<T> other ? other.type : null);
  }

  private TypeSerializerSchemaCompatibility<T> compatibility(MessageType<T> other) {
    return type.equals(other)
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.incompatible();
  }
}
