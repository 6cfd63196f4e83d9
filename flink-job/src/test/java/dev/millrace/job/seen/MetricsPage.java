package dev.millrace.job.seen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code docs/metrics.md}, as far as it can be compared with something. */
public final class MetricsPage {
  private static final Pattern METRIC =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| `(flink_\\w+)` \\| ([^|]+) \\|");
  private static final Pattern FLINKS = Pattern.compile("(?m)^\\| `(flink_\\w+)` \\|");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Set<String> KINDS = Set.of("gauge", "counter", "meter", "histogram");
  private static final String PREFIX = "flink_taskmanager_job_task_operator_millrace_";

  private final String text;

  /**
   * A metric of Millrace's.
   *
   * @param kind one of Flink's four
   * @param algorithms those that measure it; empty for what every job has
   */
  public record Metric(String name, String inPrometheus, String kind, Set<String> algorithms) {
    /** What stands between the common prefix and the name: the part of the loop. */
    public String part() {
      return inPrometheus.substring(
          PREFIX.length(), inPrometheus.length() - name.length() - "_".length());
    }

    private boolean isIn(String algorithm, boolean replay) {
      return (replay || !part().equals("replay"))
          && (algorithms.isEmpty() || algorithms.contains(algorithm));
    }
  }

  private MetricsPage(String text) {
    this.text = text;
  }

  /**
   * Reads the page.
   *
   * @param root of the repository
   */
  public static MetricsPage read(Path root) throws IOException {
    return new MetricsPage(Files.readString(root.resolve("docs/metrics.md")));
  }

  /** Millrace's own metrics. */
  public List<Metric> metrics() {
    return METRIC
        .matcher(text)
        .results()
        .map(
            row -> {
              boolean kind = KINDS.contains(row.group(3));
              return new Metric(
                  row.group(1),
                  row.group(2),
                  kind ? row.group(3) : "gauge",
                  kind ? Set.of() : Set.copyOf(Arrays.asList(row.group(3).split(", "))));
            })
        .toList();
  }

  /** Names in Prometheus of those of Flink's own metrics that the page tells of. */
  public Set<String> flinksOwn() {
    return all(FLINKS);
  }

  /** Names in Prometheus of Millrace's own metrics. */
  public Set<String> names() {
    return metrics().stream()
        .map(Metric::inPrometheus)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Names in Prometheus of what a running job of {@code algorithm} has. */
  public Set<String> namesOf(String algorithm, boolean replay) {
    return metrics().stream()
        .filter(metric -> metric.isIn(algorithm, replay))
        .map(Metric::inPrometheus)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Where {@code scrape} of a running job and this page disagree: what is missing, what the page
   * does not tell of, what is of another kind. Empty if nowhere.
   */
  public List<String> differences(Scrape scrape, String algorithm, boolean replay) {
    List<String> differences = new ArrayList<>();
    Set<String> told = namesOf(algorithm, replay);
    Set<String> missing = new TreeSet<>(told);
    missing.addAll(flinksOwn());
    missing.removeAll(scrape.names());
    missing.forEach(name -> differences.add("missing: " + name));
    Set<String> untold = scrape.millraces();
    untold.removeAll(told);
    untold.forEach(name -> differences.add("not on the page: " + name));
    for (Metric metric : metrics()) {
      String type = scrape.type(metric.inPrometheus());
      String expected = metric.kind().equals("histogram") ? "summary" : "gauge";
      if (type != null && !type.equals(expected)) {
        differences.add(metric.inPrometheus() + " is a " + type + ", not a " + expected);
      }
    }
    return differences;
  }

  /** What a link to the page may name behind {@code #}. */
  public Set<String> anchors() {
    return all(HEADING).stream()
        .map(heading -> heading.toLowerCase().replaceAll("[^\\w -]", "").replace(' ', '-'))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> all(Pattern pattern) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether a name in Prometheus is that of a metric of Millrace's. */
  public static boolean isMillraces(String name) {
    return name.contains("_millrace_");
  }
}
