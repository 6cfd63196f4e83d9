package dev.millrace.benchmarks;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.TransitionLayout;
import dev.millrace.job.EmbeddedRunner;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Runner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.traces.Span;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code checkpoints}: what checkpoints cost while a full replay is flat out. */
@Command(
    name = "checkpoints",
    description =
        "Bytes and duration of incremental checkpoints once the replay is full; restore time.",
    mixinStandardHelpOptions = true)
final class CheckpointsCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 10;

  /** Many environments and few samples, so that the replay turns over quickly. */
  private static final List<String> FLAT_OUT =
      List.of(
          "environment.count=128",
          "environment.group-size=64",
          "replay.samples-per-insert=1",
          "evaluation.target-return=none",
          "budget.environment-steps=1000000000");

  @Parameters(arity = "0..1", paramLabel = "CONF", description = "Default: conf/cartpole-apex.yaml")
  private Path configuration = Runs.ROOT.resolve("conf/cartpole-apex.yaml");

  @Option(names = "--capacity", paramLabel = "N", description = "Transitions. Default: 1000000")
  private long capacity = 1_000_000;

  @Option(names = "--count", paramLabel = "N", description = "Checkpoints measured. Default: 30")
  private int count = 30;

  @Option(names = "--interval", paramLabel = "T", description = "Between two. Default: 3 s")
  private String interval = "3 s";

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of CONF.")
  private List<String> overrides = List.of();

  /** Transitions inserted, by milliseconds since 1970. */
  private final TreeMap<Long, Long> inserted = new TreeMap<>();

  private long bytesEach;

  @Override
  public Integer call() throws Exception {
    List<String> defaults = new ArrayList<>(FLAT_OUT);
    defaults.add("replay.capacity=" + capacity);
    defaults.add("replay.minimum-size=" + capacity);
    defaults.add("checkpoint.interval=" + interval);
    Experiment experiment = Runs.experiment(configuration, defaults, overrides);
    ReplaySpec.Sampled replay =
        (ReplaySpec.Sampled) experiment.agent(getClass().getClassLoader()).replay();
    bytesEach = new TransitionLayout(replay.observationSize(), replay.actionSize()).bytes();
    RunFolder folder = Runs.folder("checkpoints");
    FlinkProbe.reset();
    report(measure(Runs.launch(experiment, folder, null)));
    restore(experiment, folder);
    Runs.delete(folder);
    return 0;
  }

  /** Runs until enough checkpoints began after the replay was full; those, in order. */
  private List<Span> measure(Runner.Launch launch) throws InterruptedException {
    CompletableFuture<Runner.Outcome> run = start(launch);
    long fullAt = Long.MAX_VALUE;
    List<Span> full = List.of();
    while (full.size() <= count && !run.isDone()) {
      Thread.sleep(LOOK_MILLIS);
      long now = System.currentTimeMillis();
      long total = FlinkProbe.inserted();
      inserted.put(now, total);
      if (total >= capacity && fullAt == Long.MAX_VALUE) {
        fullAt = now;
      }
      long from = fullAt;
      full =
          FlinkProbe.spans("Checkpoint").stream()
              .filter(span -> span.getStartTsMillis() >= from)
              .filter(span -> "COMPLETED".equals(span.getAttributes().get("checkpointStatus")))
              .toList();
    }
    launch.stop().request();
    run.join();
    return full;
  }

  private void report(List<Span> spans) {
    List<Double> shares = new ArrayList<>();
    List<Double> durations = new ArrayList<>();
    double written = 0;
    double allowed = 0;
    System.out.println("inserted since  bytes MB  allowed MB  of MB in all  duration ms");
    for (int i = 1; i < spans.size(); i++) {
      Span span = spans.get(i);
      long since = insertedAt(span) - insertedAt(spans.get(i - 1));
      double bytes = (Long) span.getAttributes().get("checkpointedSize");
      double limit = 3.0 * since * bytesEach + 4.0 * capacity;
      long duration = span.getEndTsMillis() - span.getStartTsMillis();
      System.out.printf(
          "%14d  %8.1f  %10.1f  %12.1f  %11d%n",
          since,
          bytes / 1e6,
          limit / 1e6,
          (Long) span.getAttributes().get("fullSize") / 1e6,
          duration);
      shares.add(bytes / limit);
      durations.add((double) duration);
      written += bytes;
      allowed += limit;
    }
    double[] all = durations.stream().mapToDouble(Double::doubleValue).toArray();
    System.out.printf("bytes / allowed   %s%n", Measured.summary(shares, "%.2f"));
    System.out.printf("over all of them  %.2f%n", written / allowed);
    System.out.printf(
        "duration          p50 %.0f ms, p99 %.0f ms, n %d%n",
        Measured.quantile(all, 0.5), Measured.quantile(all, 0.99), all.length);
    Span first = spans.get(0);
    Span last = spans.get(spans.size() - 1);
    System.out.printf(
        "inserts/s         %.0f%n",
        (insertedAt(last) - insertedAt(first))
            * 1e3
            / (last.getStartTsMillis() - first.getStartTsMillis()));
  }

  private long insertedAt(Span span) {
    return inserted.floorEntry(span.getStartTsMillis()).getValue();
  }

  /** Resumes from the savepoint that the stop left, and stops once all tasks have their state. */
  private static void restore(Experiment experiment, RunFolder folder) throws Exception {
    FlinkProbe.reset();
    Runner.Launch launch =
        Runs.launch(experiment, folder, folder.newestSavepoint().orElseThrow().toUri());
    CompletableFuture<Runner.Outcome> run = start(launch);
    List<Span> restored = List.of();
    while (restored.isEmpty() && !run.isDone()) {
      Thread.sleep(LOOK_MILLIS);
      restored = FlinkProbe.spans("JobInitialization");
    }
    launch.stop().request();
    run.join();
    Span span = restored.get(0);
    System.out.printf(
        "restored          %.1f MB of a native savepoint in %.2f s, %s%n",
        (Long) span.getAttributes().get("fullSize") / 1e6,
        (span.getEndTsMillis() - span.getStartTsMillis()) / 1e3,
        span.getAttributes().get("initializationStatus"));
  }

  private static CompletableFuture<Runner.Outcome> start(Runner.Launch launch) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new EmbeddedRunner().run(launch);
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        });
  }
}
