package dev.millrace.core.agent;

import java.io.Serializable;

/**
 * How far sampling may run ahead of, or fall behind, inserting. Reverb's rule on absolute sums
 * (Cassirer et al. 2021, section 3.3): {@code min ≤ inserted × samplesPerInsert − sampled ≤ max}.
 * Inserts are never withheld before the minimum size is reached, for what is still on its way must
 * not keep it from being reached; so at the start they may overshoot {@code max} by as much as is
 * inserted until that news arrives.
 *
 * @param samplesPerInsert how often each transition is sampled on average
 * @param minimumSize transitions in replay before the first sample
 * @param min lower bound of the difference, in samples
 * @param max upper bound of the difference, in samples
 */
public record RateLimiter(double samplesPerInsert, long minimumSize, double min, double max)
    implements Serializable {
  public RateLimiter {
    if (!(samplesPerInsert > 0) || minimumSize < 1 || !(min < max)) {
      throw new IllegalArgumentException(
          "rate limiter samplesPerInsert=%s, minimumSize=%d, min=%s, max=%s: needs a positive ratio, a minimum size of at least 1 and min < max"
              .formatted(samplesPerInsert, minimumSize, min, max));
    }
  }

  /**
   * The rule centred on {@code minimumSize × samplesPerInsert}, with {@code window} samples between
   * its bounds.
   */
  public static RateLimiter around(double samplesPerInsert, long minimumSize, double window) {
    double centre = samplesPerInsert * minimumSize;
    return new RateLimiter(samplesPerInsert, minimumSize, centre - window / 2, centre + window / 2);
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
   * @param size transitions known to be in replay
   * @param inserted an upper bound of those inserted, whatever is under way included
   * @param sampled a lower bound of those sampled
   */
  public boolean mayInsert(long size, long inserted, long sampled, long count) {
    return size < minimumSize || (inserted + count) * samplesPerInsert - sampled <= max;
  }

  /**
   * Whether {@code count} more may be sampled.
   *
   * @param size transitions known to be in replay
   * @param inserted a lower bound of those inserted
   * @param sampled an upper bound of those sampled, whatever is under way included
   */
  public boolean maySample(long size, long inserted, long sampled, long count) {
    return size >= minimumSize && inserted * samplesPerInsert - sampled - count >= min;
  }
}
