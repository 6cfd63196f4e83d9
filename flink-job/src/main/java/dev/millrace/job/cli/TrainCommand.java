package dev.millrace.job.cli;

import dev.millrace.job.config.ConfigurationException;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.config.Fingerprint;
import dev.millrace.job.run.LiveDisplay;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Runner;
import dev.millrace.job.run.StopRequest;
import dev.millrace.job.run.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code train}: runs an experiment and shows how it goes. */
@Command(
    name = "train",
    description = "Trains an agent and leaves a run folder.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TrainCommand implements Callable<Integer> {
  private final Map<String, Supplier<Runner>> runners;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "CONF",
      description = "The experiment, such as conf/cartpole-apex.yaml; with --resume, that run's.")
  private Path configuration;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of CONF.")
  private List<String> overrides = List.of();

  @Option(
      names = "--runner",
      paramLabel = "NAME",
      defaultValue = "flink",
      description = "flink: an embedded mini cluster; local: one plain thread. Default: flink.")
  private String runner;

  @Option(
      names = "--stop-at-return",
      paramLabel = "R",
      description = "End when the evaluation's mean return reaches R (evaluation.target-return).")
  private String stopAtReturn;

  @Option(names = "--seed", paramLabel = "N", description = "Overrides seed.")
  private String seed;

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description = "The run folder. Default: runs/<name>.")
  private Path runDirectory;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description = "Continue the run in this folder from its newest savepoint or checkpoint.")
  private Path resume;

  @Option(names = "--web-ui", description = "Serve Flink's web interface while it trains.")
  private boolean webUi;

  @Mixin private UserJars jars;

  /**
   * @param runners by the name that {@code --runner} takes
   */
  TrainCommand(Map<String, Supplier<Runner>> runners) {
    this.runners = runners;
  }

  @Override
  public Integer call() throws Exception {
    checkUsage();
    ClassLoader loader = jars.loader();
    ExperimentReader reader = new ExperimentReader(loader);
    RunFolder resumed = resume == null ? null : existing(resume);
    Path source = configuration == null ? resumed.config() : configuration;
    Experiment experiment = reader.read(source, allOverrides());
    Path savepoint = resumed == null ? null : checkResume(resumed, experiment, reader, loader);
    RunFolder folder = resumed == null ? fresh(experiment) : resumed;
    folder.writeConfig(reader.resolved(experiment));
    Runner.Launch launch =
        new Runner.Launch(
            experiment,
            folder,
            savepoint,
            startMillis(),
            loader,
            jars.files(),
            webUi,
            new StopRequest());
    return train(launch);
  }

  private void checkUsage() {
    if (configuration == null && resume == null) {
      throw wrong("CONF is missing: name an experiment, such as conf/cartpole-apex.yaml");
    }
    if (!runners.containsKey(runner)) {
      throw wrong(
          "--runner %s: must be one of %s"
              .formatted(runner, String.join(", ", runners.keySet().stream().sorted().toList())));
    }
    if (resume != null && runDirectory != null) {
      throw wrong("--run-dir: a resumed run continues in its own folder; leave --run-dir out");
    }
  }

  private List<String> allOverrides() {
    List<String> all = new ArrayList<>(overrides);
    if (seed != null) {
      all.add("seed=" + seed);
    }
    if (stopAtReturn != null) {
      all.add("evaluation.target-return=" + stopAtReturn);
    }
    return all;
  }

  private RunFolder existing(Path path) {
    RunFolder folder = RunFolder.at(path);
    if (!folder.holdsRun()) {
      throw wrong("--resume %s: holds no run; a run folder has a config.yaml".formatted(path));
    }
    return folder;
  }

  /** What to resume from, once it is known that the run's state fits {@code experiment}. */
  private Path checkResume(
      RunFolder folder, Experiment experiment, ExperimentReader reader, ClassLoader loader) {
    Fingerprint before = Fingerprint.of(reader.read(folder.config(), List.of()), loader);
    List<String> differences = before.differences(Fingerprint.of(experiment, loader));
    if (!differences.isEmpty()) {
      throw new ConfigurationException("--resume " + resume, differences);
    }
    return folder
        .newestSavepoint()
        .orElseThrow(
            () ->
                wrong(
                    "--resume %s: has neither a savepoint nor a retained checkpoint; begin a new run"
                        .formatted(resume)));
  }

  private RunFolder fresh(Experiment experiment) throws IOException {
    RunFolder folder =
        RunFolder.at(runDirectory == null ? Path.of("runs", experiment.name()) : runDirectory);
    try {
      folder
          .makeRoom()
          .ifPresent(earlier -> out().printf("The earlier run moved to %s%n", earlier));
    } catch (IllegalStateException e) {
      throw wrong("--run-dir %s: %s".formatted(runDirectory, e.getMessage()));
    }
    return folder;
  }

  private int train(Runner.Launch launch) throws Exception {
    RunFolder folder = launch.folder();
    System.setProperty("millrace.log", folder.log().toString());
    out().printf("Training %s; run folder %s%n", launch.experiment().name(), shown(folder.root()));
    if (launch.webUi()) {
      out().println("Flink's web interface: http://127.0.0.1:8081, or the next free port to 8099");
    }
    out().flush();
    Runner.Outcome outcome;
    try (Interrupts interrupts = Interrupts.to(launch.stop(), out());
        LiveDisplay display = LiveDisplay.of(launch, out())) {
      outcome = runners.get(runner).get().run(launch);
    }
    report(outcome, folder);
    return Millrace.DONE;
  }

  private void report(Runner.Outcome outcome, RunFolder folder) throws IOException {
    PrintWriter out = out();
    out.println(
        switch (outcome.ending()) {
          case TARGET_REACHED -> "Target reached.";
          case BUDGET_SPENT -> "Budget spent.";
          case STOPPED -> "Stopped.";
        });
    Summary.read(folder).map(Summary::sentence).ifPresent(out::println);
    if (outcome.ending() == Runner.Ending.STOPPED && outcome.savepoint() != null) {
      Path root = shown(folder.root());
      out.printf(
          "Resume with: ./millrace train %s --resume %s%n", root.resolve("config.yaml"), root);
    }
    out.flush();
  }

  /** As the user would type it. */
  private static Path shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path) : path;
  }

  private static long startMillis() {
    return ProcessHandle.current().info().startInstant().orElseGet(Instant::now).toEpochMilli();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
