package dev.millrace.job.cli;

import dev.millrace.job.FlinkContext;
import dev.millrace.job.run.RunFolder;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * What to type next, in the words of who runs this program: {@code ./millrace} or {@code flink}.
 *
 * @param folder the run's
 * @param cluster addresses that were given
 * @param jars the user's
 */
record NextCommand(RunFolder folder, List<URI> cluster, List<Path> jars) {

  /** Goes on from {@code savepoint}. */
  String resume(URI savepoint) {
    return program(" -s " + savepoint) + config() + " --resume " + shown(folder.root()) + options();
  }

  /** Attends the job that was submitted. */
  String attend() {
    return program("") + config() + " --run-dir " + shown(folder.root()) + options();
  }

  private static String program(String flinkOptions) {
    return FlinkContext.present()
        ? "flink run%s %s train ".formatted(flinkOptions, shown(FlinkContext.jar()))
        : "./millrace train ";
  }

  private Path config() {
    return shown(folder.root()).resolve("config.yaml");
  }

  /** Those that the next command of the same run needs as well. */
  private String options() {
    StringBuilder options = new StringBuilder();
    if (!cluster.isEmpty()) {
      options
          .append(" --cluster ")
          .append(String.join(",", cluster.stream().map(URI::toString).toList()));
    }
    jars.forEach(jar -> options.append(" --jars ").append(shown(jar)));
    return options.toString();
  }

  /** As the user would type it. */
  static Path shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path) : path;
  }
}
