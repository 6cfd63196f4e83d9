package dev.millrace.core.env;

import java.io.Serializable;
import java.util.Arrays;

/** The set an observation or an action is taken from. Values travel as {@code float[size()]}. */
public sealed interface Space extends Serializable {

  /** How many floats one value takes. */
  int size();

  /**
   * One of {@code n} choices, {@code 0 … n-1}, carried in a single float.
   *
   * @throws IllegalArgumentException if {@code n} is not in [1, 2^24], the range a float counts in
   */
  record Discrete(int n) implements Space {
    public Discrete {
      if (n < 1 || n > 1 << 24) {
        throw new IllegalArgumentException(
            "discrete n=%d: must be between 1 and 16777216".formatted(n));
      }
    }

    @Override
    public int size() {
      return 1;
    }

    /**
     * The choice that {@code value} carries.
     *
     * @throws IllegalArgumentException if it is not one of {@code 0 … n-1}
     */
    public int index(float value) {
      int index = (int) value;
      if (index != value || index < 0 || index >= n) {
        throw new IllegalArgumentException(
            "action=%s: must be a whole number from 0 to %d".formatted(value, n - 1));
      }
      return index;
    }
  }

  /** A box in {@code low.length} dimensions; bounds are inclusive and may be infinite. */
  record Box(float[] low, float[] high) implements Space {
    public Box {
      if (low.length == 0 || low.length != high.length) {
        throw new IllegalArgumentException(
            "box low has %d and high has %d dimensions: must be equal and at least 1"
                .formatted(low.length, high.length));
      }
      for (int i = 0; i < low.length; i++) {
        if (!(low[i] <= high[i])) {
          throw new IllegalArgumentException(
              "box low[%d]=%s, high[%d]=%s: low must not exceed high"
                  .formatted(i, low[i], i, high[i]));
        }
      }
    }

    /** A box of {@code size} dimensions, each within {@code ±bound}. */
    public static Box symmetric(int size, float bound) {
      float[] low = new float[size];
      float[] high = new float[size];
      Arrays.fill(low, -bound);
      Arrays.fill(high, bound);
      return new Box(low, high);
    }

    @Override
    public int size() {
      return low.length;
    }

    /**
     * The number in {@code dimension} that is nearest to {@code value}, for environments that clip
     * what lies outside.
     *
     * @throws IllegalArgumentException if {@code value} is not finite
     */
    public float clip(int dimension, float value) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "action[%d]=%s: must be finite; only finite numbers are clipped to %s to %s"
                .formatted(dimension, value, low[dimension], high[dimension]));
      }
      return Math.min(Math.max(value, low[dimension]), high[dimension]);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Box box
          && Arrays.equals(low, box.low)
          && Arrays.equals(high, box.high);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
    }

    @Override
    public String toString() {
      return "Box[low=%s, high=%s]".formatted(Arrays.toString(low), Arrays.toString(high));
    }
  }
}
