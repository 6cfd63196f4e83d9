package dev.millrace.job.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.network.NetworkSpec;
import dev.millrace.job.run.Recorder;
import dev.millrace.job.run.Recording;
import dev.millrace.job.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
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
  private static final Pattern METRIC_CELL = Pattern.compile("(?m)^\\| [a-z ]+ \\| (`[^|]+`) \\|");
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");

  @TempDir Path folder;

  private static String page() throws IOException {
    return Files.readString(ROOT.resolve("docs/metrics.md"));
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
            network,
            List.of(),
            1,
            Double.NaN,
            Duration.ofSeconds(1),
            0,
            Map.of());
    new Recorder(recording, InstantSource.system(), 0, null).close();
    String header = Files.readAllLines(recording.folder().metrics()).get(0);

    assertThat(all(COLUMN, page())).containsExactly(header.split(","));
  }

  @Test
  void tellsOfEachMetricThatAnOperatorRegisters() throws IOException {
    TreeSet<String> registered = new TreeSet<>();
    for (Path source : sources()) {
      registered.addAll(all(REGISTERED, Files.readString(source)));
    }
    List<String> told = new ArrayList<>();
    METRIC_CELL
        .matcher(page())
        .results()
        .map(MatchResult::group)
        .forEach(row -> told.addAll(all(CODE, row)));

    assertThat(registered).isNotEmpty();
    assertThat(new TreeSet<>(told)).isEqualTo(registered);
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
