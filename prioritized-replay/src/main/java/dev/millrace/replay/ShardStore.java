package dev.millrace.replay;

/**
 * Where a shard keeps what must survive it: byte arrays by part and number. What was written last
 * is what is read; arrays are copied on their way in and must not be written to on their way out.
 */
public interface ShardStore {

  /** The kinds of things kept. */
  enum Part {
    /** One record: counters, generator, and what the other parts were written for. */
    HEADER,
    /** Transitions, by chunk. */
    CHUNK,
    /** One record: the beginning of the chunk that is not full yet. */
    OPEN_CHUNK,
    /** Sampling weights, by block. */
    WEIGHTS
  }

  /** What was written last, valid until the next call; null if nothing was. */
  byte[] read(Part part, int number);

  /** Keeps a copy of {@code bytes}. */
  void write(Part part, int number, byte[] bytes);
}
