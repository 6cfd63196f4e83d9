package dev.millrace.benchmarks;

import dev.millrace.job.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A run's {@code metrics.csv}. */
final class MetricsFile {
  private final List<String> columns;
  private final List<String[]> rows = new ArrayList<>();

  private MetricsFile(List<String> columns) {
    this.columns = columns;
  }

  static MetricsFile of(RunFolder folder) throws IOException {
    List<String> lines = Files.readAllLines(folder.metrics());
    MetricsFile file = new MetricsFile(Arrays.asList(lines.get(0).split(",")));
    lines.stream().skip(1).map(line -> line.split(",", -1)).forEach(file.rows::add);
    return file;
  }

  /** A column's last value. */
  double last(String column) {
    return value(rows.size() - 1, column);
  }

  /**
   * How fast a counter grew per second, from the first row in which the environments had taken
   * {@code fromSteps} to the first in which they had taken all.
   */
  double rate(String counter, double fromSteps) {
    int first = 0;
    while (value(first, "environment_steps") < fromSteps) {
      first++;
    }
    int last = first;
    while (value(last, "environment_steps") < last("environment_steps")) {
      last++;
    }
    return (value(last, counter) - value(first, counter))
        / (value(last, "seconds") - value(first, "seconds"));
  }

  /** A column's mean over the rows from when the environments had taken {@code fromSteps}. */
  double mean(String column, double fromSteps) {
    double sum = 0;
    int count = 0;
    for (int row = 0; row < rows.size(); row++) {
      if (value(row, "environment_steps") >= fromSteps) {
        sum += value(row, column);
        count++;
      }
    }
    return sum / count;
  }

  private double value(int row, String column) {
    int index = columns.indexOf(column);
    if (index < 0) {
      throw new IllegalStateException(
          "metrics.csv has no column %s; the benchmark is older than what it measures"
              .formatted(column));
    }
    String text = rows.get(row)[index];
    return text.isEmpty() ? 0 : Double.parseDouble(text);
  }
}
