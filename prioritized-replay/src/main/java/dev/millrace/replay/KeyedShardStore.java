package dev.millrace.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.util.FlinkRuntimeException;

/** A shard's part of an operator's keyed state; with RocksDB, on disk. */
final class KeyedShardStore implements ShardStore {
  static final MapStateDescriptor<Integer, byte[]> CHUNKS = map("transitions");
  static final MapStateDescriptor<Integer, byte[]> WEIGHTS = map("weights");
  static final ValueStateDescriptor<byte[]> HEADER =
      new ValueStateDescriptor<>("shard", BytePrimitiveArraySerializer.INSTANCE);

  /** Beside the chunks, so that it costs no column family of its own. */
  private static final int OPEN_CHUNK = -1;

  private final KeyContext context;
  private final Integer key;
  private final MapState<Integer, byte[]> chunks;
  private final MapState<Integer, byte[]> weights;
  private final ValueState<byte[]> header;

  /**
   * @param context in which {@code key} is made current before every access
   */
  KeyedShardStore(KeyContext context, Integer key, KeyedStateStore state) {
    this.context = context;
    this.key = key;
    chunks = state.getMapState(CHUNKS);
    weights = state.getMapState(WEIGHTS);
    header = state.getState(HEADER);
  }

  private static MapStateDescriptor<Integer, byte[]> map(String name) {
    return new MapStateDescriptor<>(
        name, IntSerializer.INSTANCE, BytePrimitiveArraySerializer.INSTANCE);
  }

  @Override
  public byte[] read(Part part, int number) {
    context.setCurrentKey(key);
    try {
      return switch (part) {
        case HEADER -> header.value();
        case CHUNK -> chunks.get(number);
        case OPEN_CHUNK -> chunks.get(OPEN_CHUNK);
        case WEIGHTS -> weights.get(number);
      };
    } catch (Exception e) {
      throw failed("reading", part, number, e);
    }
  }

  @Override
  public void write(Part part, int number, byte[] bytes) {
    context.setCurrentKey(key);
    try {
      switch (part) {
        case HEADER -> header.update(bytes);
        case CHUNK -> chunks.put(number, bytes);
        case OPEN_CHUNK -> chunks.put(OPEN_CHUNK, bytes);
        case WEIGHTS -> weights.put(number, bytes);
      }
    } catch (Exception e) {
      throw failed("writing", part, number, e);
    }
  }

  private static RuntimeException failed(String verb, Part part, int number, Exception cause) {
    String message = "%s %s %d of a replay shard failed".formatted(verb, part, number);
    return cause instanceof IOException io
        ? new UncheckedIOException(message, io)
        : new FlinkRuntimeException(message, cause);
  }
}
