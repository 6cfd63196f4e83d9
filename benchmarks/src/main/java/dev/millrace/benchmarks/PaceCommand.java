package dev.millrace.benchmarks;

import dev.millrace.job.EmbeddedRunner;
import dev.millrace.job.LocalRunner;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Runner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code pace}: how fast the loop goes round on Flink and in one thread. The two take turns in this
 * JVM, the first pair only warms it up, and of each run its last two thirds count.
 */
@Command(
    name = "pace",
    description =
        "Flink against --runner local: steps and updates per second; latency and losses of the feedback. "
            + "Pin it to one core with taskset -c 0.",
    mixinStandardHelpOptions = true)
final class PaceCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "CONF", description = "Default: conf/cartpole-apex.yaml")
  private Path configuration = Runs.ROOT.resolve("conf/cartpole-apex.yaml");

  @Option(names = "--pairs", paramLabel = "N", description = "Measured pairs. Default: 3")
  private int pairs = 3;

  @Option(names = "--steps", paramLabel = "N", description = "Of each run. Default: 150000")
  private long steps = 150_000;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of CONF.")
  private List<String> overrides = List.of();

  private final List<Double> stepRatios = new ArrayList<>();
  private final List<Double> updateRatios = new ArrayList<>();
  private final List<Double> latencies = new ArrayList<>();

  private record Pace(double steps, double updates) {}

  @Override
  public Integer call() throws Exception {
    System.out.printf("%d processors%n", Runtime.getRuntime().availableProcessors());
    for (int pair = 0; pair <= pairs; pair++) {
      boolean warmUp = pair == 0;
      boolean flinkFirst = pair % 2 == 0;
      Pace flink = flinkFirst ? measure("flink", warmUp) : null;
      Pace local = measure("local", warmUp);
      flink = flinkFirst ? flink : measure("flink", warmUp);
      if (!warmUp) {
        stepRatios.add(flink.steps / local.steps);
        updateRatios.add(flink.updates / local.updates);
      }
    }
    System.out.printf("steps/s, flink / local    %s%n", Measured.summary(stepRatios, "%.2f"));
    System.out.printf("updates/s, flink / local  %s%n", Measured.summary(updateRatios, "%.2f"));
    double[] all = latencies.stream().mapToDouble(Double::doubleValue).toArray();
    System.out.printf(
        "publish to applied        p50 %.0f ms, p99 %.0f ms, max %.0f ms, mean %.2f ms, n %d%n",
        Measured.quantile(all, 0.5),
        Measured.quantile(all, 0.99),
        Measured.quantile(all, 1),
        Arrays.stream(all).average().orElse(Double.NaN),
        all.length);
    return 0;
  }

  private Pace measure(String runner, boolean warmUp) throws Exception {
    List<String> defaults =
        List.of(
            "evaluation.target-return=none",
            "recorder.interval=500 ms",
            "budget.environment-steps=" + steps);
    Experiment experiment = Runs.experiment(configuration, defaults, overrides);
    RunFolder folder = Runs.folder(runner);
    FlinkProbe.reset();
    boolean flink = runner.equals("flink");
    Runner runs = flink ? new EmbeddedRunner() : new LocalRunner();
    runs.run(Runs.launch(experiment, folder, null));
    MetricsFile metrics = MetricsFile.of(folder);
    double from = experiment.budgetSteps() / 3.0;
    Pace pace = new Pace(metrics.rate("environment_steps", from), metrics.rate("updates", from));
    System.out.printf(
        "%-5s %7.0f steps/s %6.0f updates/s%s%s%n",
        runner,
        pace.steps,
        pace.updates,
        flink ? losses(metrics) : "",
        warmUp ? "  (warm-up)" : "");
    if (!warmUp) {
      Arrays.stream(FlinkProbe.latencies()).forEach(millis -> latencies.add((double) millis));
    }
    Runs.delete(folder);
    return pace;
  }

  private static String losses(MetricsFile metrics) {
    double applied = metrics.last("priorities_applied");
    double ignored = metrics.last("priorities_ignored");
    double dropped = metrics.last("priorities_dropped");
    double all = applied + ignored + dropped;
    return "  priorities dropped %.3f %%, ignored %.3f %%; policy lag %.0f updates"
        .formatted(100 * dropped / all, 100 * ignored / all, metrics.last("policy_lag"));
  }
}
