package dev.millrace.core.loop;

import dev.millrace.core.agent.RateLimiter;

/**
 * The narrowest rate-limiter window with which the loop can always go on.
 *
 * <pre>
 *   min         min + learning          max − acting                max
 *    ├─────────────┤·························┤───────────────────────┤──▶ inserted × ratio − sampled
 *    learner waits                            source waits
 * </pre>
 *
 * When nothing is under way, the source's upper bound of what was inserted exceeds it by what
 * accumulators hold back, and it asks for one more ticket; the learner asks for one more batch. If
 * the two places where they wait overlapped, both could wait at once, for good. And as much as the
 * source may be ahead must fit above the minimum size, or that would never be reached.
 *
 * @param acting {@code samplesPerInsert} times the environment steps of one ticket for the largest
 *     group and what all accumulators hold back, in samples
 * @param learning a batch, in samples
 */
public record SmallestWindow(double acting, double learning) {

  /**
   * @param heldBack transitions of one environment that may wait for its next step
   */
  public static SmallestWindow of(
      double samplesPerInsert,
      int environments,
      int heldBack,
      int largestGroup,
      int stepsPerTicket,
      int batchSize) {
    double steps = (double) environments * heldBack + (double) largestGroup * stepsPerTicket;
    return new SmallestWindow(samplesPerInsert * steps, batchSize);
  }

  /** The window's width, in whole samples. */
  public long samples() {
    return (long) Math.ceil(acting + learning);
  }

  /**
   * The rule with {@code window} samples between its bounds. Sampling begins with what acting needs
   * above it and what learning needs below; what is left of the window lies on both sides.
   *
   * @throws IllegalArgumentException if the window is narrower than {@link #samples}
   */
  public RateLimiter limiter(double samplesPerInsert, long minimumSize, double window) {
    if (window < acting + learning) {
      throw new IllegalArgumentException(
          "window=%s: must be at least %d, or acting and learning could wait for each other for good"
              .formatted(window, samples()));
    }
    double start = samplesPerInsert * minimumSize;
    double rest = (window - acting - learning) / 2;
    return new RateLimiter(
        samplesPerInsert, minimumSize, start - learning - rest, start + acting + rest);
  }
}
