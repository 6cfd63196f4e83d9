package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;

/** Slopes by five points of a function, each off by the fourth power of the step. */
final class FiniteDifferences {
  private static final float STEP = 1f / 64;

  private FiniteDifferences() {}

  /** Requires {@code gradient} to be that of {@code function} at {@code point}. */
  static void assertGradient(
      float[] gradient, float[] point, double tolerance, ToDoubleFunction<float[]> function) {
    assertThat(gradient).hasSameSizeAs(point);
    for (int i = 0; i < point.length; i++) {
      double near = at(point, i, STEP, function) - at(point, i, -STEP, function);
      double far = at(point, i, 2 * STEP, function) - at(point, i, -2 * STEP, function);
      double slope = (8 * near - far) / (12 * STEP);
      assertThat((double) gradient[i])
          .as("slope %d", i)
          .isCloseTo(slope, Offset.offset(tolerance * (1 + Math.abs(slope))));
    }
  }

  private static double at(
      float[] point, int index, float change, ToDoubleFunction<float[]> function) {
    float[] moved = point.clone();
    moved[index] += change;
    return function.applyAsDouble(moved);
  }

  /** Normal numbers rounded to a grid on which the steps are exact. */
  static float[] point(SeededRandom random, int size, double deviation) {
    float[] point = new float[size];
    for (int i = 0; i < size; i++) {
      point[i] = Math.round(random.nextGaussian() * deviation * 256) / 256f;
    }
    return point;
  }
}
