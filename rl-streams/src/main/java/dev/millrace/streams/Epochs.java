package dev.millrace.streams;

import java.time.Clock;

/** Draws epochs: numbers that tell one life of a shard or a learner from the next. */
public final class Epochs {
  private Epochs() {}

  /**
   * An epoch greater than {@code previous}, and different from what a life that was never
   * checkpointed drew: the wall clock's milliseconds unless they are behind.
   *
   * @param previous the epoch found in state, or 0
   */
  public static long next(long previous, Clock clock) {
    return Math.max(previous + 1, clock.millis());
  }
}
