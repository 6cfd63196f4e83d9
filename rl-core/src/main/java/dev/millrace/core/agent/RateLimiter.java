package dev.millrace.core.agent;

import java.io.Serializable;

/**
 * How far sampling may run ahead of, or fall behind, inserting. Reverb's rule on absolute sums
 * (Cassirer et al. 2021, section 3.3): {@code min ≤ inserted × samplesPerInsert − sampled ≤ max}.
 * The upper bound always holds, so it must leave room for the minimum size.
 *
 * @param samplesPerInsert how often each transition is sampled on average
 * @param minimumSize transitions ever inserted before the first sample
 * @param min lower bound of the difference, in samples
 * @param max upper bound of the difference, in samples
 */
public record RateLimiter(double samplesPerInsert, long minimumSize, double min, double max)
    implements Serializable {
  /** So that the two sides cannot both wait because a product was rounded. */
  private static final double ROUNDING = 1e-3;

  public RateLimiter {
    if (!(samplesPerInsert > 0) || minimumSize < 1 || !(min < max)) {
      throw new IllegalArgumentException(
          "rate limiter samplesPerInsert=%s, minimumSize=%d, min=%s, max=%s: needs a positive ratio, a minimum size of at least 1 and min < max"
              .formatted(samplesPerInsert, minimumSize, min, max));
    }
    if (max < samplesPerInsert * minimumSize) {
      throw new IllegalArgumentException(
          "rate limiter max=%s: must be at least samplesPerInsert × minimumSize (%s × %d); too little could be inserted for the first sample"
              .formatted(max, samplesPerInsert, minimumSize));
    }
  }

  /**
   * The rule for inserts that nobody paces, such as a log's: each transition is sampled at most
   * {@code samplesPerInsert} times on average, and inserts are never withheld.
   */
  public static RateLimiter atMost(double samplesPerInsert, long minimumSize) {
    return new RateLimiter(samplesPerInsert, minimumSize, 0, Double.POSITIVE_INFINITY);
  }

  /**
   * Whether {@code count} more may be inserted.
   *
   * @param inserted an upper bound of those inserted, whatever is under way included
   * @param sampled a lower bound of those sampled
   */
  public boolean mayInsert(long inserted, long sampled, long count) {
    return (inserted + count) * samplesPerInsert - sampled <= max + ROUNDING;
  }

  /**
   * Whether {@code count} more may be sampled.
   *
   * @param inserted a lower bound of those inserted
   * @param sampled an upper bound of those sampled, whatever is under way included
   */
  public boolean maySample(long inserted, long sampled, long count) {
    return inserted >= minimumSize
        && inserted * samplesPerInsert - sampled - count >= min - ROUNDING;
  }
}
