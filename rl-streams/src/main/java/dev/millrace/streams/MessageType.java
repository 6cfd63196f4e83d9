package dev.millrace.streams;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** The type of one kind of message; see {@link MessageTypes} for all of them. */
public final class MessageType<T> extends TypeInformation<T> {
  private static final long serialVersionUID = 1L;
  private static final Map<String, MessageType<?>> BY_NAME = new ConcurrentHashMap<>();

  private final String name;
  private final Class<T> type;
  private final int version;
  private final transient MessageCodec<T> codec;

  MessageType(String name, Class<T> type, int version, MessageCodec<T> codec) {
    this.name = name;
    this.type = type;
    this.version = version;
    this.codec = codec;
    BY_NAME.put(name, this);
  }

  static MessageType<?> named(String name) {
    MessageType<?> type = MessageTypes.isLoaded() ? BY_NAME.get(name) : null;
    if (type == null) {
      throw new IllegalStateException(
          "message type %s is unknown: the state was written by another build".formatted(name));
    }
    return type;
  }

  String name() {
    return name;
  }

  int version() {
    return version;
  }

  MessageCodec<T> codec() {
    return codec;
  }

  /** The serializer, which is stateless and may be shared. */
  public TypeSerializer<T> serializer() {
    return new MessageSerializer<>(this);
  }

  // Flink 1.20 calls the first of these, Flink 2 the second; neither exists in the other.

  @SuppressWarnings("deprecation")
  public TypeSerializer<T> createSerializer(ExecutionConfig config) {
    return serializer();
  }

  public TypeSerializer<T> createSerializer(SerializerConfig config) {
    return serializer();
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<T> getTypeClass() {
    return type;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof MessageType;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MessageType<?> message && message.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }

  private Object readResolve() {
    return named(name);
  }
}
