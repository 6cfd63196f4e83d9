package dev.millrace.job.cli;

import dev.millrace.job.FlinkContext;
import dev.millrace.job.config.ConfigurationException;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.run.LiveDisplay;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Runner;
import dev.millrace.job.run.StopRequest;
import dev.millrace.job.run.SubmittedJob;
import dev.millrace.job.run.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
  private static final String CLUSTER = "cluster";

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

  @Mixin private Resumption resume;

  @Mixin private ClusterOptions cluster;

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
    RunFolder resumed = resume.given() ? resume.folder() : null;
    Path source = configuration == null ? resumed.config() : configuration;
    Experiment experiment = reader.read(source, allOverrides());
    if (FlinkContext.detached()) {
      return leave(experiment, loader);
    }
    Runner chosen = runners.get(cluster.given() ? CLUSTER : runner).get();
    RunFolder folder = resumed == null ? folder(experiment) : resumed;
    String running =
        cluster.attend() != null ? cluster.attend() : running(chosen, folder, reader, experiment);
    URI savepoint = null;
    if (running == null && resumed != null) {
      savepoint = resume.savepoint(experiment, reader, loader);
    } else if (running == null || !holds(folder, running)) {
      makeRoom(folder);
    }
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
            cluster.running(running),
            new StopRequest());
    return train(chosen, launch);
  }

  /** Submits a job that nobody attends; what it leaves is where the cluster's machines see it. */
  private int leave(Experiment experiment, ClassLoader loader) throws Exception {
    if (resume.given()) {
      throw wrong("--resume: Flink's command line takes the savepoint, with -s");
    }
    RunFolder folder = runDirectory == null ? null : RunFolder.at(runDirectory);
    runners
        .get(runner)
        .get()
        .run(
            new Runner.Launch(
                experiment,
                folder,
                null,
                startMillis(),
                loader,
                jars.files(),
                false,
                new Runner.Cluster(List.of(), null, true),
                new StopRequest()));
    out().printf("Submitted %s.%n", experiment.name());
    return Millrace.DONE;
  }

  /** The job of that folder that runs on the cluster already; null if none does. */
  private String running(
      Runner chosen, RunFolder folder, ExperimentReader reader, Experiment experiment)
      throws Exception {
    String job =
        cluster.given() ? chosen.running(folder, cluster.running(null)).orElse(null) : null;
    if (job != null && !Files.readString(folder.config()).equals(reader.resolved(experiment))) {
      throw new ConfigurationException(
          "--cluster",
          List.of(
              "job %s of %s runs there already, with another configuration: give it the same to attend the job, or stop it first, or name another --run-dir"
                  .formatted(job, NextCommand.shown(folder.root()))));
    }
    return job;
  }

  private static boolean holds(RunFolder folder, String job) throws IOException {
    return SubmittedJob.read(folder).filter(each -> each.id().equals(job)).isPresent();
  }

  private void checkUsage() {
    if (configuration == null && !resume.given()) {
      throw wrong("CONF is missing: name an experiment, such as conf/cartpole-apex.yaml");
    }
    if (!runners.containsKey(runner) || runner.equals(CLUSTER)) {
      throw wrong(
          "--runner %s: must be one of %s"
              .formatted(
                  runner,
                  runners.keySet().stream()
                      .filter(each -> !each.equals(CLUSTER))
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
    cluster
        .problem()
        .ifPresent(
            problem -> {
              throw wrong(problem);
            });
    if (resume.given() && runDirectory != null) {
      throw wrong("--run-dir: a resumed run continues in its own folder; leave --run-dir out");
    }
  }

  private List<String> allOverrides() {
    List<String> all = new ArrayList<>();
    OptionalInt parallelism = FlinkContext.parallelism();
    if (parallelism.isPresent()) {
      all.add("actor.parallelism=" + parallelism.getAsInt());
      all.add("replay.parallelism=" + parallelism.getAsInt());
    }
    all.addAll(overrides);
    if (seed != null) {
      all.add("seed=" + seed);
    }
    if (stopAtReturn != null) {
      all.add("evaluation.target-return=" + stopAtReturn);
    }
    return all;
  }

  private RunFolder folder(Experiment experiment) {
    return RunFolder.at(runDirectory == null ? Path.of("runs", experiment.name()) : runDirectory);
  }

  private void makeRoom(RunFolder folder) throws IOException {
    try {
      folder
          .makeRoom()
          .ifPresent(earlier -> out().printf("The earlier run moved to %s%n", earlier));
    } catch (IllegalStateException e) {
      throw wrong("--run-dir %s: %s".formatted(runDirectory, e.getMessage()));
    }
  }

  private int train(Runner chosen, Runner.Launch launch) throws Exception {
    RunFolder folder = launch.folder();
    System.setProperty("millrace.log", folder.log().toString());
    out()
        .printf(
            "%s %s; run folder %s%n",
            launch.cluster().job() == null ? "Training" : "Attending",
            launch.experiment().name(),
            NextCommand.shown(folder.root()));
    if (launch.webUi()) {
      out().println("Flink's web interface: http://127.0.0.1:8081, or the next free port to 8099");
    }
    out().flush();
    Runner.Outcome outcome;
    try (Interrupts interrupts = Interrupts.to(launch.stop(), out());
        LiveDisplay display = LiveDisplay.of(launch, out())) {
      outcome = chosen.run(launch);
    }
    report(outcome, folder);
    return Millrace.DONE;
  }

  private void report(Runner.Outcome outcome, RunFolder folder) throws IOException {
    PrintWriter out = out();
    out.println(
        switch (outcome.ending()) {
          case SUBMITTED -> "Submitted.";
          case TARGET_REACHED -> "Target reached.";
          case BUDGET_SPENT -> "Budget spent.";
          case STOPPED -> "Stopped.";
        });
    Summary.read(folder).map(Summary::sentence).ifPresent(out::println);
    NextCommand next = new NextCommand(folder, cluster.addresses(), jars.files());
    boolean resumable = outcome.savepoint() != null;
    if (outcome.ending() == Runner.Ending.STOPPED && resumable) {
      out.printf("Resume with: %s%n", next.resume(outcome.savepoint()));
    } else if (outcome.ending() == Runner.Ending.BUDGET_SPENT && resumable) {
      out.printf(
          "With a larger budget: %s --set budget.environment-steps=N%n",
          next.resume(outcome.savepoint()));
    } else if (outcome.ending() == Runner.Ending.SUBMITTED && cluster.given()) {
      out.printf("Attend it with: %s%n", next.attend());
    }
    out.flush();
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
