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

  /** Where row {@code row} of {@code name=float[B × columns]} starts. */
  static int row(String name, float[] values, int row, int columns) {
    if (values.length % columns != 0) {
      throw new IllegalArgumentException(
          "%s has %d entries: must be a multiple of %d, so many to a row"
              .formatted(name, values.length, columns));
    }
    if (row < 0 || row >= values.length / columns) {
      throw new IllegalArgumentException(
          "row=%d: %s has only %d".formatted(row, name, values.length / columns));
    }
    return row * columns;
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

  /** The action that {@code aTm1[row]} carries, one of {@code 0 … actions-1}. */
  static int action(float[] aTm1, int row, int actions) {
    return action("aTm1", aTm1, row, actions);
  }

  /** The action that {@code values[row]} carries, one of {@code 0 … actions-1}. */
  static int action(String name, float[] values, int row, int actions) {
    int action = (int) values[row];
    if (action != values[row] || action < 0 || action >= actions) {
      throw new IllegalArgumentException(
          "%s[%d]=%s: must be a whole number from 0 to %d"
              .formatted(name, row, values[row], actions - 1));
    }
    return action;
  }
}
