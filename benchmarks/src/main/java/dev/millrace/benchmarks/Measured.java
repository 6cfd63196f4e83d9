package dev.millrace.benchmarks;

import java.util.Arrays;
import java.util.List;

/** What several measurements say together. */
final class Measured {
  private Measured() {}

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** The least value that at least the share {@code q} of all do not exceed; NaN of none. */
  static double quantile(double[] values, double q) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)];
  }

  /** Median, and the range the values lie in. */
  static String summary(List<Double> values, String format) {
    double[] all = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return (format + " (" + format + " to " + format + ")")
        .formatted(median(values), all[0], all[all.length - 1]);
  }
}
