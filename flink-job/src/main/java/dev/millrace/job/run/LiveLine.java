package dev.millrace.job.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The line that shows where a run stands. */
final class LiveLine {
  private static final String SEPARATOR = " · ";

  private LiveLine() {}

  /**
   * @param earlier what the speeds are counted from
   * @param budgetSteps environment steps at which the run ends
   */
  static String text(RunProgress now, RunProgress earlier, long budgetSteps, long nowMillis) {
    double seconds = (now.atMillis() - earlier.atMillis()) / 1e3;
    double stepsPerSecond = speed(now.environmentSteps() - earlier.environmentSteps(), seconds);
    double updatesPerSecond = speed(now.updates() - earlier.updates(), seconds);
    List<String> parts = new ArrayList<>();
    parts.add("%s steps (%s/s)".formatted(count(now.environmentSteps()), count(stepsPerSecond)));
    parts.add("%s updates (%s/s)".formatted(count(now.updates()), count(updatesPerSecond)));
    parts.add("return " + decimal(now.meanReturn()));
    parts.add("best " + decimal(now.bestEvaluation()));
    parts.add("replay " + count(now.replaySize()));
    parts.add("samples/insert " + decimal(now.samplesPerInsert()));
    parts.add("lag " + decimal(now.policyLag()));
    parts.add(
        "checkpoint "
            + (now.checkpointAtMillis() == 0
                ? "-"
                : duration((nowMillis - now.checkpointAtMillis()) / 1e3) + " ago"));
    if (now.restarts() > 0) {
      parts.add(now.restarts() + (now.restarts() == 1 ? " restart" : " restarts"));
    }
    double left = Math.max(0, budgetSteps - now.environmentSteps());
    parts.add("ETA " + (stepsPerSecond > 0 ? duration(left / stepsPerSecond) : "-"));
    return String.join(SEPARATOR, parts);
  }

  /** The first {@code width} columns, so that a terminal does not break the line. */
  static String fitted(String line, int width) {
    return line.length() <= width ? line : line.substring(0, Math.max(0, width - 1)) + "…";
  }

  private static double speed(long difference, double seconds) {
    return seconds > 0 ? Math.max(0, difference / seconds) : 0;
  }

  /** Three digits or so: 940, 12.3k, 1.20M. */
  private static String count(double number) {
    if (number < 10_000) {
      return String.format(Locale.ROOT, "%.0f", number);
    }
    return number < 1e6
        ? String.format(Locale.ROOT, "%.1fk", number / 1e3)
        : String.format(Locale.ROOT, "%.2fM", number / 1e6);
  }

  private static String decimal(double number) {
    return Double.isNaN(number) ? "-" : String.format(Locale.ROOT, "%.1f", number);
  }

  private static String duration(double seconds) {
    Duration rounded = Duration.ofSeconds(Math.max(0, Math.round(seconds)));
    if (rounded.toHours() > 0) {
      return "%dh%02dm".formatted(rounded.toHours(), rounded.toMinutesPart());
    }
    return rounded.toMinutes() > 0
        ? "%dm%02ds".formatted(rounded.toMinutes(), rounded.toSecondsPart())
        : rounded.toSeconds() + "s";
  }
}
