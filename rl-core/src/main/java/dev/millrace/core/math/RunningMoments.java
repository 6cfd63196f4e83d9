package dev.millrace.core.math;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Mean and variance of each column of all rows so far, in double precision: rows one by one
 * (Welford 1962, "Note on a Method for Calculating Corrected Sums of Squares and Products"),
 * others' moments as a whole (Chan, Golub and LeVeque 1979, "Updating Formulae and a Pairwise
 * Algorithm for Computing Sample Variances"). The same calls in the same order give the same bits.
 */
public final class RunningMoments {
  private static final int VERSION = 1;
  private final double[] means;
  private final double[] squares;
  private long count;

  /**
   * @param size D, how many columns, at least 1
   */
  public RunningMoments(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("moments size=%d: must be at least 1".formatted(size));
    }
    means = new double[size];
    squares = new double[size];
  }

  /** D. */
  public int size() {
    return means.length;
  }

  /** How many rows were added. */
  public long count() {
    return count;
  }

  /** The mean of column {@code i}; 0 before the first row. */
  public double mean(int i) {
    return means[i];
  }

  /**
   * The variance of column {@code i} about its mean, squares over count. Before the first row it is
   * 1, so that scaling by it changes nothing; after one row it is 0.
   */
  public double variance(int i) {
    return count == 0 ? 1 : squares[i] / count;
  }

  /**
   * Adds the first {@code count} rows.
   *
   * @param rows {@code float[at least count × D]}
   * @throws IllegalArgumentException if one of them is not finite; then none was added
   */
  public void add(float[] rows, int count) {
    int size = means.length;
    if (count < 0 || (long) count * size > rows.length) {
      throw new IllegalArgumentException(
          "rows has %d entries: must have at least %d rows of %d"
              .formatted(rows.length, count, size));
    }
    for (int i = 0; i < count * size; i++) {
      if (!Float.isFinite(rows[i])) {
        throw new IllegalArgumentException(
            "row %d, column %d=%s: must be finite; running moments would never recover"
                .formatted(i / size, i % size, rows[i]));
      }
    }
    for (int row = 0; row < count; row++) {
      this.count++;
      for (int i = 0; i < size; i++) {
        double difference = rows[row * size + i] - means[i];
        means[i] += difference / this.count;
        squares[i] += difference * (rows[row * size + i] - means[i]);
      }
    }
  }

  /** Adds all rows of {@code other}, which stays as it is. */
  public void merge(RunningMoments other) {
    Shapes.require("other", other.means.length, means.length, "as these moments have");
    if (other.count == 0) {
      return;
    }
    long total = count + other.count;
    double share = (double) other.count / total;
    for (int i = 0; i < means.length; i++) {
      double difference = other.means[i] - means[i];
      squares[i] += other.squares[i] + difference * difference * count * share;
      means[i] += difference * share;
    }
    count = total;
  }

  /** Writes a versioned record. */
  public void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeInt(means.length);
    out.writeLong(count);
    for (int i = 0; i < means.length; i++) {
      out.writeDouble(means[i]);
      out.writeDouble(squares[i]);
    }
  }

  /**
   * Continues what {@link #save} wrote.
   *
   * @throws IllegalStateException if it had another number of columns
   */
  public void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "moments version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    int size = in.readInt();
    if (size != means.length) {
      throw new IllegalStateException(
          "moments were saved over %d columns, these have %d: they cannot be continued; resume with the environment of before"
              .formatted(size, means.length));
    }
    count = in.readLong();
    for (int i = 0; i < size; i++) {
      means[i] = in.readDouble();
      squares[i] = in.readDouble();
    }
  }
}
