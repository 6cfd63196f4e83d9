package dev.millrace.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * A shard's part of an operator's keyed state; with RocksDB, on disk.
 *
 * <p>The chunks have a state of their own. They are written in the order of their keys, so that
 * RocksDB's files hold disjoint ranges of them and a compaction rewrites next to nothing; one key
 * apart from the others in each file would make every file overlap every other.
 */
final class KeyedShardStore implements ShardStore {
  static final MapStateDescriptor<Integer, byte[]> CHUNKS = map("transitions");

  /** Blocks of weights by number, and below 0 what there is one of. */
  static final MapStateDescriptor<Integer, byte[]> REST = map("shard");

  private static final int HEADER = -1;
  private static final int OPEN_CHUNK = -2;

  private final KeyContext context;
  private final Integer key;
  private final MapState<Integer, byte[]> chunks;
  private final MapState<Integer, byte[]> rest;

  /**
   * @param context in which {@code key} is made current before every access
   */
  KeyedShardStore(KeyContext context, Integer key, KeyedStateStore state) {
    this.context = context;
    this.key = key;
    chunks = state.getMapState(CHUNKS);
    rest = state.getMapState(REST);
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
        case CHUNK -> chunks.get(number);
        case WEIGHTS -> rest.get(number);
        case HEADER -> rest.get(HEADER);
        case OPEN_CHUNK -> rest.get(OPEN_CHUNK);
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
          // A backend on the heap keeps the array itself, and the ring uses it again.
        case CHUNK -> chunks.put(number, bytes.clone());
        case WEIGHTS -> rest.put(number, bytes);
        case HEADER -> rest.put(HEADER, bytes);
        case OPEN_CHUNK -> rest.put(OPEN_CHUNK, bytes);
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
