package dev.millrace.benchmarks;

import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Runner;
import dev.millrace.job.run.StopRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.util.FileUtils;

/** Runs in this JVM, as {@code ./millrace train} would start them. */
final class Runs {
  private static final ClassLoader LOADER = Runs.class.getClassLoader();

  /** Where Millrace lies. */
  static final Path ROOT = Path.of(System.getProperty("millrace.root", "."));

  private Runs() {}

  /** An experiment of {@code conf/}, or a file's. */
  static Experiment experiment(Path configuration, List<String> defaults, List<String> given) {
    List<String> overrides = new ArrayList<>(defaults);
    overrides.addAll(FlinkProbe.OPTIONS);
    overrides.addAll(given);
    return new ExperimentReader(LOADER).read(configuration, overrides);
  }

  /**
   * @param resumeFrom null to begin
   */
  static Runner.Launch launch(Experiment experiment, RunFolder folder, URI resumeFrom)
      throws IOException {
    folder.writeConfig(new ExperimentReader(LOADER).resolved(experiment));
    return new Runner.Launch(
        experiment,
        folder,
        resumeFrom,
        System.currentTimeMillis(),
        LOADER,
        List.of(),
        false,
        Runner.Cluster.NONE,
        new StopRequest());
  }

  /** A new folder; the benchmark deletes it when all went well. */
  static RunFolder folder(String name) throws IOException {
    return RunFolder.at(Files.createTempDirectory("millrace-" + name + "-"));
  }

  static void delete(RunFolder folder) throws IOException {
    FileUtils.deleteDirectory(folder.root().toFile());
  }
}
