package dev.millrace.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Values over time, and whether they drift. The first quarter warms up and does not count. The rest
 * gets a straight line by least squares; its slope is given with a 95 % interval for as many
 * independent values as the residuals' correlation from one to the next leaves (Santer et al. 2000,
 * "Statistical significance of trends and trend differences", section 5).
 */
final class Drift {
  /** Of the mean, in an hour: less than this is nothing to worry about. */
  private static final double TOLERATED = 0.1;

  private final Map<String, Series> series = new TreeMap<>();

  /** A column of the table. */
  record Series(List<Double> seconds, List<Double> values) {
    Series() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  /**
   * A line through values.
   *
   * @param mean of the values
   * @param perHour its slope
   * @param within 95 % of the slope; infinite for too few values
   */
  record Line(double mean, double perHour, double within) {
    boolean rises() {
      return perHour - within > 0 && perHour > TOLERATED * mean;
    }

    boolean falls() {
      return perHour + within < 0 && -perHour > TOLERATED * mean;
    }
  }

  void note(double seconds, Map<String, Double> row) {
    row.forEach(
        (name, value) -> {
          Series column = series.computeIfAbsent(name, each -> new Series());
          if (Double.isFinite(value)) {
            column.seconds().add(seconds);
            column.values().add(value);
          }
        });
  }

  Map<String, Series> series() {
    return series;
  }

  /** Prints a line for each column; true if none drifts the way it should not. */
  boolean report(PrintStream out) {
    boolean flat = true;
    out.printf("%-28s %10s %12s %12s%n", "", "mean", "per hour", "± (95 %)");
    for (Map.Entry<String, Series> each : series.entrySet()) {
      Line line = line(each.getValue());
      boolean bad = each.getKey().startsWith("pace") ? line.falls() : line.rises();
      // Of things that must not happen at all, one is too many.
      if (each.getKey().endsWith("restarts") || each.getKey().endsWith("failures")) {
        bad = each.getValue().values().stream().anyMatch(value -> value > 0);
      }
      flat &= !bad;
      out.printf(
          "%-28s %10.1f %12.1f %12.1f  %s%n",
          each.getKey(), line.mean(), line.perHour(), line.within(), bad ? "DRIFTS" : "flat");
    }
    out.println(flat ? "Nothing drifts." : "Something drifts: see above.");
    return flat;
  }

  static Line line(Series column) {
    double[] x = column.seconds().stream().mapToDouble(value -> value / 3600).toArray();
    double[] y = column.values().stream().mapToDouble(Double::doubleValue).toArray();
    int from = x.length / 4;
    int n = x.length - from;
    double meanX = 0;
    double meanY = 0;
    for (int i = from; i < x.length; i++) {
      meanX += x[i] / n;
      meanY += y[i] / n;
    }
    double xx = 0;
    double xy = 0;
    for (int i = from; i < x.length; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      xy += (x[i] - meanX) * (y[i] - meanY);
    }
    double slope = xx == 0 ? 0 : xy / xx;
    double squares = 0;
    double products = 0;
    double last = 0;
    for (int i = from; i < x.length; i++) {
      double residual = y[i] - meanY - slope * (x[i] - meanX);
      squares += residual * residual;
      products += residual * last;
      last = residual;
    }
    double correlation = squares == 0 ? 0 : Math.max(0, products / squares);
    double independent = n * (1 - correlation) / (1 + correlation);
    double within =
        independent <= 3
            ? Double.POSITIVE_INFINITY
            : 2 * Math.sqrt(squares / (independent - 2) / xx);
    return new Line(meanY, slope, within);
  }
}
