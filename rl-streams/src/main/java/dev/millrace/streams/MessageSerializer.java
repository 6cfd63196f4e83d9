package dev.millrace.streams;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Serializes one kind of message. Messages are immutable by contract, their arrays included, so
 * nothing is ever copied. Every record begins with its format version.
 */
final class MessageSerializer<T> extends TypeSerializer<T> {
  private static final long serialVersionUID = 1L;

  private final MessageType<T> type;

  MessageSerializer(MessageType<T> type) {
    this.type = type;
  }

  MessageType<T> type() {
    return type;
  }

  @Override
  public void serialize(T message, DataOutputView out) throws IOException {
    out.writeByte(type.version());
    type.codec().write(message, out);
  }

  @Override
  public T deserialize(DataInputView in) throws IOException {
    int version = in.readByte();
    if (version < 1 || version > type.version()) {
      throw new IOException(
          "%s format version=%d: this build reads 1 to %d; use the build that wrote it"
              .formatted(type.name(), version, type.version()));
    }
    return type.codec().read(version, in);
  }

  @Override
  public T deserialize(T reuse, DataInputView in) throws IOException {
    return deserialize(in);
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    serialize(deserialize(in), out);
  }

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public TypeSerializer<T> duplicate() {
    return this;
  }

  @Override
  public T createInstance() {
    return null;
  }

  @Override
  public T copy(T message) {
    return message;
  }

  @Override
  public T copy(T message, T reuse) {
    return message;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public TypeSerializerSnapshot<T> snapshotConfiguration() {
    return new MessageSerializerSnapshot<>(type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MessageSerializer<?> serializer && serializer.type.equals(type);
  }

  @Override
  public int hashCode() {
    return type.hashCode();
  }
}
