package dev.millrace.benchmarks;

import dev.millrace.job.EmbeddedRunner;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.run.RunFolder;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code impala}: how many environment steps per second are taken and learned from on Flink. The
 * first run only warms the JVM up, and of each run its last two thirds count.
 */
@Command(
    name = "impala",
    description = "Steps and updates per second of IMPALA on Flink, learning included.",
    mixinStandardHelpOptions = true)
final class ImpalaCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "CONF",
      description = "Default: conf/impala-throughput.yaml")
  private Path configuration = Runs.ROOT.resolve("conf/impala-throughput.yaml");

  @Option(names = "--runs", paramLabel = "N", description = "Measured runs. Default: 3")
  private int runs = 3;

  @Option(names = "--steps", paramLabel = "N", description = "Of each run. Default: 1500000")
  private long steps = 1_500_000;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of CONF.")
  private List<String> overrides = List.of();

  private final List<Double> pace = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    System.out.printf("%d processors%n", Runtime.getRuntime().availableProcessors());
    for (int run = 0; run <= runs; run++) {
      double stepsPerSecond = measure(run == 0);
      if (run > 0) {
        pace.add(stepsPerSecond);
      }
    }
    if (runs > 0) {
      System.out.printf("steps/s  %s%n", Measured.summary(pace, "%.0f"));
    }
    return 0;
  }

  private double measure(boolean warmUp) throws Exception {
    List<String> defaults =
        List.of(
            "evaluation.target-return=none",
            "recorder.interval=500 ms",
            "budget.environment-steps=" + steps);
    Experiment experiment = Runs.experiment(configuration, defaults, overrides);
    RunFolder folder = Runs.folder("impala");
    FlinkProbe.reset();
    Duration before = cpu();
    new EmbeddedRunner().run(Runs.launch(experiment, folder, null));
    Duration taken = cpu().minus(before);
    MetricsFile metrics = MetricsFile.of(folder);
    double from = experiment.budgetSteps() / 3.0;
    double stepsPerSecond = metrics.rate("environment_steps", from);
    double learned = metrics.rate("sampled", from);
    double[] latencies = Arrays.stream(FlinkProbe.latencies()).asDoubleStream().toArray();
    System.out.printf(
        "%7.0f steps/s, %7.0f learned from; %5.0f updates/s; policy lag %.1f updates; %.0f transitions waiting; "
            + "publish to applied p50 %.0f ms, p99 %.0f ms; of the ratios clipped %.1f %%; CPU %.1f us a step%s%n",
        stepsPerSecond,
        learned,
        metrics.rate("updates", from),
        metrics.mean("policy_lag", from),
        metrics.mean("replay_size", from),
        Measured.quantile(latencies, 0.5),
        Measured.quantile(latencies, 0.99),
        100 * metrics.mean("clipped_weight", from),
        taken.toNanos() / 1e3 / experiment.budgetSteps(),
        warmUp ? "  (warm-up)" : "");
    Runs.delete(folder);
    return Math.min(stepsPerSecond, learned);
  }

  private static Duration cpu() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return Duration.ofNanos(system.getProcessCpuTime());
  }
}
