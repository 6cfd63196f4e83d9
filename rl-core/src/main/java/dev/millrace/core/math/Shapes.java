package dev.millrace.core.math;

/** The checks that come first. */
final class Shapes {
  private Shapes() {}

  /** Requires {@code name=float[length]} to be {@code float[expected]}. */
  static void require(String name, int length, int expected, String meaning) {
    if (length != expected) {
      throw new IllegalArgumentException(
          "%s has %d entries: must have %d, %s".formatted(name, length, expected, meaning));
    }
  }

  /** Requires {@code name=value} to be {@code valid}, which {@code rule} says in words. */
  static void requireWithin(String name, double value, boolean valid, String rule) {
    if (!valid) {
      throw new IllegalArgumentException("%s=%s: must be %s".formatted(name, value, rule));
    }
  }

  /** Columns of {@code name=float[length]} when it has {@code rows} rows. */
  static int columns(String name, int length, int rows) {
    if (rows == 0) {
      throw new IllegalArgumentException("rT has 0 entries: a batch needs at least 1 transition");
    }
    if (length == 0 || length % rows != 0) {
      throw new IllegalArgumentException(
          "%s has %d entries: must be a multiple of the %d transitions in rT"
              .formatted(name, length, rows));
    }
    return length / rows;
  }

  /** The action that {@code value} carries, one of {@code 0 … actions-1}. */
  static int action(float[] aTm1, int row, int actions) {
    int action = (int) aTm1[row];
    if (action != aTm1[row] || action < 0 || action >= actions) {
      throw new IllegalArgumentException(
          "aTm1[%d]=%s: must be a whole number from 0 to %d"
              .formatted(row, aTm1[row], actions - 1));
    }
    return action;
  }
}
