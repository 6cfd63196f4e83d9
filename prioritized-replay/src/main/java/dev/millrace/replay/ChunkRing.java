package dev.millrace.replay;

import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.experience.TransitionLayout;
import java.util.Arrays;

/** The transitions of a shard, by slot: stored in chunks, the newest of them cached on the heap. */
final class ChunkRing {

  /*
   *   slots     0 1 2 3 │ 4 5 6 7 │ 8 9 . . │ . .        capacity 14, 4 to a chunk
   *   chunks       0    │    1    │    2    │  3
   *                               └──┬┘
   *                                  the open chunk, a buffer of its own
   *
   * A transition is written to the open chunk. When that is full it goes to the store and becomes
   * the newest of the cache, and the buffer it displaces there is the next open chunk: nothing is
   * allocated. Until then the chunk that it is going to replace keeps serving the slots that are
   * not yet overwritten, so nothing is read for the sake of a write; and in a snapshot the open
   * chunk stands apart, under its own name.
   *
   * The cache holds the newest chunks, as many as its budget allows. Samples fall all over the
   * ring, nearly uniformly: by the time a chunk is asked for again all others were as likely, so
   * recency and frequency of *use* say nothing, and LRU or LFU would pay for every miss with an
   * eviction that is no better than the one before. What is left to know is age. The newest
   * transitions enter with the greatest priorities, so they are sampled most; they are on the heap
   * already; and their order of eviction is the ring's own, without any bookkeeping. A chunk that
   * belongs in the cache but is not there, after a restore, is put there when it is first read.
   *
   * From about 4 KB on each transition is a chunk; smaller ones are stored by up to 64, so that
   * writing is cheap, but by no more than 8 KB, so that reading one past the cache is.
   */
  private static final int MOST_TOGETHER = 64;
  private static final int MOST_BYTES_TOGETHER = 8192;

  /**
   * Up to this size, transitions are copied together before they are decoded. Each lies in lines of
   * memory that no cache holds; bare copies are short enough for the processor to fetch several at
   * once, decoding is not: 80 instead of 300 ns for 100 bytes.
   */
  private static final int MOST_BYTES_GATHERED = 1024;

  private final TransitionLayout layout;
  private final ShardStore store;
  private final int capacity;
  private final int stride;
  private final int chunkSize;
  private final int chunkCount;
  private final int cacheable;
  private final byte[][] cache;
  private int cached;
  private byte[] open;
  private int openChunk;
  private int filled;
  private long reads;
  private byte[] gathered = new byte[0];

  // The store's array of the latest chunk read, valid within one batch.
  private byte[] lent;
  private int lentChunk;

  /**
   * @param capacity slots
   * @param cacheBytes budget of the cache
   * @param inserted transitions ever appended; those in the open chunk are read back
   */
  ChunkRing(
      TransitionLayout layout, int capacity, long cacheBytes, long inserted, ShardStore store) {
    this.layout = layout;
    this.store = store;
    this.capacity = capacity;
    stride = layout.bytes();
    chunkSize = chunkSize(stride);
    chunkCount = (capacity - 1) / chunkSize + 1;
    cacheable = (int) Math.min(chunkCount, cacheBytes / ((long) chunkSize * stride));
    cache = new byte[chunkCount][];
    open = new byte[Math.multiplyExact(chunkSize, stride)];
    int next = (int) (inserted % capacity);
    openChunk = next / chunkSize;
    filled = next % chunkSize;
    if (filled > 0) {
      byte[] saved = store.read(ShardStore.Part.OPEN_CHUNK, 0);
      System.arraycopy(saved, 0, open, 0, filled * stride);
    }
  }

  /** Transitions in a chunk, a power of two. */
  static int chunkSize(int stride) {
    int most = Math.min(MOST_TOGETHER, MOST_BYTES_TOGETHER / stride);
    return stride >= MOST_BYTES_TOGETHER / 2 ? 1 : Integer.highestOneBit(most);
  }

  /** Writes to the slot after the one written last, or to the first. */
  void append(Transition transition) {
    layout.write(transition, open, filled * stride);
    filled++;
    if (filled == chunkSize || openChunk * chunkSize + filled == capacity) {
      close();
    }
  }

  private void close() {
    store.write(ShardStore.Part.CHUNK, openChunk, open);
    if (cacheable > 0) {
      int oldest = Math.floorMod(openChunk - cacheable, chunkCount);
      byte[] displaced = cache[oldest];
      cache[oldest] = null;
      cache[openChunk] = open;
      cached += displaced == null ? 1 : 0;
      open = displaced == null ? new byte[open.length] : displaced;
    }
    openChunk = (openChunk + 1) % chunkCount;
    filled = 0;
  }

  /** Reads the transitions in {@code slots} into the batch's rows. */
  void read(int[] slots, SampleBatch batch) {
    lentChunk = -1;
    if (stride > MOST_BYTES_GATHERED) {
      for (int row = 0; row < slots.length; row++) {
        byte[] bytes = holding(slots[row]);
        layout.read(bytes, slots[row] % chunkSize * stride, batch, row);
      }
      return;
    }
    if (gathered.length < slots.length * stride) {
      gathered = new byte[slots.length * stride];
    }
    for (int row = 0; row < slots.length; row++) {
      byte[] bytes = holding(slots[row]);
      System.arraycopy(bytes, slots[row] % chunkSize * stride, gathered, row * stride, stride);
    }
    for (int row = 0; row < slots.length; row++) {
      layout.read(gathered, row * stride, batch, row);
    }
  }

  private byte[] holding(int slot) {
    int chunk = slot / chunkSize;
    return chunk == openChunk && slot % chunkSize < filled ? open : chunk(chunk);
  }

  private byte[] chunk(int chunk) {
    byte[] bytes = cache[chunk];
    if (bytes != null) {
      return bytes;
    }
    if (chunk == lentChunk) {
      return lent;
    }
    reads++;
    bytes = store.read(ShardStore.Part.CHUNK, chunk);
    if (Math.floorMod(openChunk - 1 - chunk, chunkCount) < cacheable) {
      bytes = bytes.clone();
      cache[chunk] = bytes;
      cached++;
    } else {
      lent = bytes;
      lentChunk = chunk;
    }
    return bytes;
  }

  /** Stores what is not stored yet. */
  void flush() {
    if (filled > 0) {
      store.write(ShardStore.Part.OPEN_CHUNK, 0, Arrays.copyOf(open, filled * stride));
    }
  }

  /** Bytes served from the heap. */
  long cachedBytes() {
    return (long) cached * open.length;
  }

  /** Times that a chunk had to be read from the store. */
  long storeReads() {
    return reads;
  }

  /**
   * Bytes of the chunks stored.
   *
   * @param inserted transitions ever appended
   */
  long storedBytes(long inserted) {
    return Math.min((inserted + chunkSize - 1) / chunkSize, chunkCount) * open.length;
  }
}
