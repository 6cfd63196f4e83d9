package dev.millrace.core.policy;

import java.io.Serializable;

/** A number that changes with a count of steps. */
@FunctionalInterface
public interface Schedule extends Serializable {

  /** The value at {@code step}, which is at least 0. */
  double at(long step);

  /** Always {@code value}. */
  static Schedule constant(double value) {
    return step -> value;
  }

  /**
   * From {@code from} at step 0 in a straight line to {@code to} at {@code steps}, which it keeps.
   *
   * @param steps 0 for {@code to} from the start
   */
  static Schedule linear(double from, double to, long steps) {
    requireSteps(steps);
    return step -> step >= steps ? to : from + (to - from) * step / steps;
  }

  /**
   * From {@code from} at step 0 by a constant factor per step to {@code to} at {@code steps}, which
   * it keeps.
   *
   * @param from positive, as is {@code to}
   * @param steps 0 for {@code to} from the start
   */
  static Schedule exponential(double from, double to, long steps) {
    requireSteps(steps);
    if (!(from > 0) || !(to > 0)) {
      throw new IllegalArgumentException(
          "exponential schedule from=%s, to=%s: both must be positive; take a linear schedule to reach 0"
              .formatted(from, to));
    }
    double rate = Math.log(to / from);
    return step -> step >= steps ? to : from * Math.exp(rate * step / steps);
  }

  private static void requireSteps(long steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("schedule steps=%d: must be at least 0".formatted(steps));
    }
  }
}
