package dev.millrace.env.classic;

import dev.millrace.core.env.Space;
import java.util.Arrays;

/** Observations that name one of a few states. */
final class OneHot {
  private OneHot() {}

  static Space.Box space(int states) {
    float[] high = new float[states];
    Arrays.fill(high, 1f);
    return new Space.Box(new float[states], high);
  }

  static float[] of(int state, int states) {
    float[] observation = new float[states];
    observation[state] = 1f;
    return observation;
  }
}
