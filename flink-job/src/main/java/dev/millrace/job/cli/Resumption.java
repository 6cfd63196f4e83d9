package dev.millrace.job.cli;

import dev.millrace.job.config.ConfigurationException;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.config.Fingerprint;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.SubmittedJob;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option {@code --resume}. */
final class Resumption {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description = "Continue the run in this folder from its newest savepoint or checkpoint.")
  private Path run;

  boolean given() {
    return run != null;
  }

  /** The folder of the run to continue. */
  RunFolder folder() {
    RunFolder folder = RunFolder.at(run);
    if (!folder.holdsRun()) {
      throw wrong("--resume %s: holds no run; a run folder has a config.yaml".formatted(run));
    }
    return folder;
  }

  /**
   * What to continue from.
   *
   * @throws ConfigurationException if the run's state does not fit {@code experiment}
   */
  URI savepoint(Experiment experiment, ExperimentReader reader, ClassLoader loader)
      throws IOException {
    Fingerprint before = Fingerprint.of(reader.read(folder().config(), List.of()), loader);
    List<String> differences = before.differences(Fingerprint.of(experiment, loader));
    if (!differences.isEmpty()) {
      throw new ConfigurationException("--resume " + run, differences);
    }
    return newestSavepoint(folder())
        .orElseThrow(
            () ->
                wrong(
                    "--resume %s: has neither a savepoint nor a retained checkpoint; begin a new run"
                        .formatted(run)));
  }

  /**
   * Of a run in this process in its folder; of one on a cluster, where the cluster keeps them. One
   * that went from there to here has both.
   */
  private static Optional<URI> newestSavepoint(RunFolder folder) throws IOException {
    Optional<URI> there = SubmittedJob.read(folder).map(SubmittedJob::savepoint).map(URI::create);
    Optional<Path> here = folder.newestSavepoint();
    boolean wentHere =
        there.isEmpty() || here.isPresent() && SubmittedJob.isOlderThan(here.get(), folder);
    return wentHere ? here.map(Path::toUri) : there;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
