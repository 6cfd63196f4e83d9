package dev.millrace.job.cli;

import dev.millrace.job.FlinkContext;
import dev.millrace.job.config.ConfigurationException;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.config.Fingerprint;
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
import java.util.Optional;
import java.util.OptionalInt;
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

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description = "Continue the run in this folder from its newest savepoint or checkpoint.")
  private Path resume;

  @Option(
      names = "--cluster",
      paramLabel = "URL",
      split = ",",
      description =
          "Train on the session cluster whose REST interface is there, such as http://localhost:8081;"
              + " of several JobManagers name each. Given again, it attends the job that runs already.")
  private List<URI> cluster = List.of();

  @Option(
      names = "--attend",
      paramLabel = "JOB",
      description = "With --cluster: attend the running job of that Flink job ID.")
  private String attend;

  @Option(names = "--detach", description = "With --cluster: submit the job and return.")
  private boolean detach;

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
    if (FlinkContext.detached()) {
      return leave(experiment, loader);
    }
    Runner chosen = runners.get(cluster.isEmpty() ? runner : CLUSTER).get();
    RunFolder folder = resumed == null ? folder(experiment) : resumed;
    String running = attend != null ? attend : running(chosen, folder, reader, experiment);
    URI savepoint = null;
    if (running == null && resumed != null) {
      savepoint = checkResume(resumed, experiment, reader, loader);
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
            new Runner.Cluster(cluster, running, detach),
            new StopRequest());
    return train(chosen, launch);
  }

  /** Submits a job that nobody attends; what it leaves is where the cluster's machines see it. */
  private int leave(Experiment experiment, ClassLoader loader) throws Exception {
    if (resume != null) {
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
        cluster.isEmpty()
            ? null
            : chosen.running(folder, new Runner.Cluster(cluster, null, detach)).orElse(null);
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
    if (configuration == null && resume == null) {
      throw wrong("CONF is missing: name an experiment, such as conf/cartpole-apex.yaml");
    }
    if (!runners.containsKey(runner) || runner.equals(CLUSTER)) {
      throw wrong(
          "--runner %s: must be one of %s"
              .formatted(
                  runner,
                  String.join(
                      ", ",
                      runners.keySet().stream()
                          .filter(each -> !each.equals(CLUSTER))
                          .sorted()
                          .toList())));
    }
    if (cluster.isEmpty() && (attend != null || detach)) {
      throw wrong("--attend and --detach: need --cluster, the address of a session cluster");
    }
    if (attend != null && !attend.matches("[0-9a-f]{32}")) {
      throw wrong(
          "--attend %s: must be a job's ID of 32 hexadecimal digits, as `flink list` shows"
              .formatted(attend));
    }
    if (attend != null && detach) {
      throw wrong("--attend and --detach: contradict each other; leave one out");
    }
    for (URI address : cluster) {
      if (address.getHost() == null || !List.of("http", "https").contains(address.getScheme())) {
        throw wrong(
            "--cluster %s: must be an address such as http://localhost:8081".formatted(address));
      }
    }
    if (resume != null && runDirectory != null) {
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

  private RunFolder existing(Path path) {
    RunFolder folder = RunFolder.at(path);
    if (!folder.holdsRun()) {
      throw wrong("--resume %s: holds no run; a run folder has a config.yaml".formatted(path));
    }
    return folder;
  }

  /** What to resume from, once it is known that the run's state fits {@code experiment}. */
  private URI checkResume(
      RunFolder folder, Experiment experiment, ExperimentReader reader, ClassLoader loader)
      throws IOException {
    Fingerprint before = Fingerprint.of(reader.read(folder.config(), List.of()), loader);
    List<String> differences = before.differences(Fingerprint.of(experiment, loader));
    if (!differences.isEmpty()) {
      throw new ConfigurationException("--resume " + resume, differences);
    }
    return newestSavepoint(folder)
        .orElseThrow(
            () ->
                wrong(
                    "--resume %s: has neither a savepoint nor a retained checkpoint; begin a new run"
                        .formatted(resume)));
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
    NextCommand next = new NextCommand(folder, cluster, jars.files());
    if (outcome.ending() == Runner.Ending.STOPPED && outcome.savepoint() != null) {
      out.printf("Resume with: %s%n", next.resume(outcome.savepoint()));
    } else if (outcome.ending() == Runner.Ending.SUBMITTED && !cluster.isEmpty()) {
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
