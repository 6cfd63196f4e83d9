package dev.millrace.deploy.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of faults, and of what each of them cost. */
final class Reliability {
  private final Path file;
  private final List<Row> rows = new ArrayList<>();

  /**
   * What a fault cost.
   *
   * @param seconds from the fault to the first new environment step
   * @param repeated environment steps taken a second time
   * @param transitions in the savepoint taken afterwards
   */
  record Row(
      String fault, double seconds, long repeated, long transitions, long lost, long doubled) {}

  Reliability(Path file) {
    this.file = file;
  }

  /** Writes the table so far. */
  void add(Row row) throws IOException {
    rows.add(row);
    StringBuilder table =
        new StringBuilder(
            "| fault | seconds to recover | environment steps repeated | transitions in replay | lost | doubled |\n"
                + "|---|---:|---:|---:|---:|---:|\n");
    for (Row each : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %.1f | %d | %d | %d | %d |%n",
              each.fault,
              each.seconds,
              each.repeated,
              each.transitions,
              each.lost,
              each.doubled));
    }
    Files.writeString(file, table);
  }
}
