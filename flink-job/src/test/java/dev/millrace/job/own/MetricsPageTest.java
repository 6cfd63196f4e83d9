package dev.millrace.job.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.network.NetworkSpec;
import dev.millrace.job.run.Recorder;
import dev.millrace.job.run.Recording;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.seen.MetricsPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/metrics.md} tells of everything that is recorded or registered, and of no more. */
class MetricsPageTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern REGISTERED =
      Pattern.compile("\\b(?:gauge|counter|meter|histogram)\\(\\s*\"(\\w+)\"");
  private static final Pattern COLUMN = Pattern.compile("(?m)^\\| `(\\w+)` \\|");

  @TempDir Path folder;

  private static String columnsSection() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/metrics.md"));
    int begin = page.indexOf("## metrics.csv");
    return page.substring(begin, page.indexOf("\n## ", begin));
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).toList();
  }

  @Test
  void tellsOfEachColumnInItsOrder() throws IOException {
    NetworkSpec network = new NetworkSpec(1, List.of(), NetworkSpec.Head.LINEAR, 1);
    Files.createDirectories(folder.resolve("run"));
    Recording recording =
        new Recording(
            RunFolder.at(folder.resolve("run")),
            "run",
            "dqn",
            "CartPole-v1",
            "name: run",
            network,
            List.of(),
            1,
            Double.NaN,
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            0,
            false,
            Map.of());
    new Recorder(recording, InstantSource.system(), 0, null).close();
    String header = Files.readAllLines(recording.folder().metrics()).get(0);

    assertThat(all(COLUMN, columnsSection())).containsExactly(header.split(","));
  }

  @Test
  void tellsOfEachMetricThatAnOperatorRegisters() throws IOException {
    TreeSet<String> registered = new TreeSet<>();
    for (Path source : sources()) {
      registered.addAll(all(REGISTERED, Files.readString(source)));
    }
    TreeSet<String> told = new TreeSet<>();
    for (MetricsPage.Metric metric : MetricsPage.read(ROOT).metrics()) {
      if (metric.algorithms().isEmpty()) {
        told.add(metric.name());
      }
    }

    assertThat(registered).isNotEmpty();
    assertThat(told).isEqualTo(registered);
  }

  @Test
  void givesEachMetricItsNameInPrometheus() throws IOException {
    for (MetricsPage.Metric metric : MetricsPage.read(ROOT).metrics()) {
      assertThat(metric.inPrometheus())
          .matches("flink_taskmanager_job_task_operator_millrace_\\w+_" + metric.name());
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> found = Files.walk(ROOT)) {
      return found
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("src" + java.io.File.separator + "main"))
          .toList();
    }
  }
}
