package dev.millrace.benchmarks;

import dev.millrace.job.EmbeddedRunner;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.run.RunFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code reinforce}: the same rounds by one task that acts and finds gradients and by two, which
 * take turns in this JVM. In lock-step both must play the very same episodes; that is checked. The
 * first pair only warms it up, and of each run its last two thirds count. Evaluation is one episode
 * a version, so that little but learning is measured.
 */
@Command(
    name = "reinforce",
    description = "Samples per second of REINFORCE with one task that acts and with two.",
    mixinStandardHelpOptions = true)
final class ReinforceCommand implements Callable<Integer> {
  private static final int ROUNDS_AT_THE_END = 20;
  private static final double TICKS_PER_SECOND = 100;

  @Parameters(
      arity = "0..1",
      paramLabel = "CONF",
      description = "Default: conf/cartpole-reinforce.yaml")
  private Path configuration = Runs.ROOT.resolve("conf/cartpole-reinforce.yaml");

  @Option(names = "--pairs", paramLabel = "N", description = "Measured pairs. Default: 5")
  private int pairs = 5;

  @Option(names = "--steps", paramLabel = "N", description = "Of each run. Default: 4000000")
  private long steps = 4_000_000;

  @Option(
      names = "--quiet",
      paramLabel = "PERCENT",
      description =
          "Pairs in which other processes took more of the machine do not count. Default: 10")
  private double quiet = 10;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of CONF.")
  private List<String> overrides = List.of();

  private final List<Double> ratios = new ArrayList<>();
  private final List<Double> one = new ArrayList<>();
  private final List<Double> two = new ArrayList<>();

  /**
   * @param outcome what must not depend on the number of tasks
   * @param others percent of the machine that other processes took
   */
  private record Paced(double stepsPerSecond, String outcome, double others) {}

  @Override
  public Integer call() throws Exception {
    System.out.printf("%d processors%n", Runtime.getRuntime().availableProcessors());
    for (int pair = 0; pair <= pairs; pair++) {
      boolean warmUp = pair == 0;
      boolean twoFirst = pair % 2 == 1;
      Paced first = measure(twoFirst ? 2 : 1, warmUp);
      Paced second = measure(twoFirst ? 1 : 2, warmUp);
      if (!first.outcome.equals(second.outcome)) {
        throw new IllegalStateException(
            "one task and two did not do the same: %s and %s"
                .formatted(first.outcome, second.outcome));
      }
      if (!warmUp && Math.max(first.others, second.others) <= quiet) {
        one.add((twoFirst ? second : first).stepsPerSecond);
        two.add((twoFirst ? first : second).stepsPerSecond);
        ratios.add(two.get(two.size() - 1) / one.get(one.size() - 1));
      }
    }
    if (ratios.isEmpty()) {
      System.out.println("no pair was left alone by other processes; see --quiet");
      return 1;
    }
    System.out.printf("%d pairs count%n", ratios.size());
    System.out.printf("samples/s, one task   %s%n", Measured.summary(one, "%.0f"));
    System.out.printf("samples/s, two tasks  %s%n", Measured.summary(two, "%.0f"));
    System.out.printf("two / one             %s%n", Measured.summary(ratios, "%.2f"));
    return 0;
  }

  private Paced measure(int parallelism, boolean warmUp) throws Exception {
    List<String> defaults =
        List.of(
            "evaluation.target-return=none",
            "evaluation.episodes-first=1",
            "evaluation.episodes=1",
            "recorder.interval=100 ms",
            "budget.environment-steps=" + steps);
    List<String> given = new ArrayList<>(overrides);
    given.add("actor.parallelism=" + parallelism);
    Experiment experiment = Runs.experiment(configuration, defaults, given);
    RunFolder folder = Runs.folder("reinforce");
    FlinkProbe.reset();
    Duration before = cpu();
    double othersBefore = busySeconds() - before.toNanos() / 1e9;
    long start = System.nanoTime();
    new EmbeddedRunner().run(Runs.launch(experiment, folder, null));
    double seconds = (System.nanoTime() - start) / 1e9;
    double others = busySeconds() - cpu().toNanos() / 1e9 - othersBefore;
    double share = 100 * others / seconds / Runtime.getRuntime().availableProcessors();
    Duration taken = cpu().minus(before);
    MetricsFile metrics = MetricsFile.of(folder);
    double from = experiment.budgetSteps() / 3.0;
    double stepsPerSecond = metrics.rate("environment_steps", from);
    String outcome = outcome(folder, metrics);
    System.out.printf(
        "%d task%s %8.0f samples/s, %4.0f updates/s, publish to applied p50 %.0f ms, CPU %.2f us a sample, others %2.0f %%; %s%s%n",
        parallelism,
        parallelism == 1 ? " " : "s",
        stepsPerSecond,
        metrics.rate("updates", from),
        Measured.quantile(millis(FlinkProbe.latencies()), 0.5),
        taken.toNanos() / 1e3 / metrics.last("environment_steps"),
        share,
        outcome,
        warmUp ? "  (warm-up)" : "");
    Runs.delete(folder);
    return new Paced(stepsPerSecond, outcome, share);
  }

  /** Every environment's returns in their order, whatever the order between environments. */
  private static String outcome(RunFolder folder, MetricsFile metrics) throws IOException {
    Map<Integer, List<Double>> returns = new TreeMap<>();
    for (String line : Files.readAllLines(folder.episodes()).stream().skip(1).toList()) {
      String[] episode = line.split(",");
      returns
          .computeIfAbsent(Integer.parseInt(episode[1]), environment -> new ArrayList<>())
          .add(Double.parseDouble(episode[2]));
    }
    double last =
        returns.values().stream()
            .flatMap(all -> all.subList(all.size() - ROUNDS_AT_THE_END, all.size()).stream())
            .mapToDouble(Double::doubleValue)
            .average()
            .orElseThrow();
    return "%.0f steps, %.0f updates, return %.1f, episodes %08x"
        .formatted(
            metrics.last("environment_steps"), metrics.last("updates"), last, returns.hashCode());
  }

  private static double[] millis(long[] latencies) {
    double[] all = new double[latencies.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = latencies[i];
    }
    return all;
  }

  /** Processor seconds that were not idle, over all processes, as Linux counts them. */
  private static double busySeconds() throws IOException {
    String[] ticks = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +");
    long busy = 0;
    for (int i = 1; i < ticks.length; i++) {
      boolean idle = i == 4 || i == 5;
      busy += idle ? 0 : Long.parseLong(ticks[i]);
    }
    return busy / TICKS_PER_SECOND;
  }

  private static Duration cpu() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return Duration.ofNanos(system.getProcessCpuTime());
  }
}
