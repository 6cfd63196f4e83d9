package dev.millrace.replay;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * A sampler's weights in the store: only the blocks in which something changed are written. How
 * they are written is part of what the version in the {@link ShardHeader} stands for.
 */
final class WeightBlocks {
  private static final int BLOCK = 4096;

  private final ShardStore store;
  private final BitSet dirty = new BitSet();

  WeightBlocks(ShardStore store) {
    this.store = store;
  }

  /** The weight of {@code slot} is no longer the stored one. */
  void changed(int slot) {
    dirty.set(slot / BLOCK);
  }

  /**
   * Stores every block that changed.
   *
   * @param size slots in use
   */
  void flush(Sampler sampler, int size) {
    for (int block = dirty.nextSetBit(0); block >= 0; block = dirty.nextSetBit(block + 1)) {
      int first = block * BLOCK;
      int count = Math.min(BLOCK, size - first);
      ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int slot = first; slot < first + count; slot++) {
        bytes.putFloat(sampler.weight(slot));
      }
      store.write(ShardStore.Part.WEIGHTS, block, bytes.array());
    }
    dirty.clear();
  }

  /** Gives the sampler the weights of its first {@code size} slots back. */
  void restore(Sampler sampler, int size) {
    float[] weights = new float[size];
    for (int first = 0; first < size; first += BLOCK) {
      byte[] bytes = store.read(ShardStore.Part.WEIGHTS, first / BLOCK);
      ByteBuffer.wrap(bytes)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(weights, first, Math.min(BLOCK, size - first));
    }
    sampler.restore(weights, size);
  }

  /** Bytes of the blocks stored for {@code size} slots. */
  static long storedBytes(int size) {
    return (long) size * Float.BYTES;
  }
}
