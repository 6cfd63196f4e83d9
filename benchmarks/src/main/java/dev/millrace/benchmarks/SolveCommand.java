package dev.millrace.benchmarks;

import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code solve}: what it takes from the command to the target, seed by seed. */
@Command(
    name = "solve",
    description = "Trains with one seed after another, each by a command of its own.",
    mixinStandardHelpOptions = true)
final class SolveCommand implements Callable<Integer> {
  private static final int LOOK_MILLIS = 50;

  @Parameters(arity = "0..1", paramLabel = "CONF", description = "Default: conf/cartpole-apex.yaml")
  private Path configuration = Runs.ROOT.resolve("conf/cartpole-apex.yaml");

  @Option(names = "--seeds", paramLabel = "N", description = "Seeds 1 to N. Default: 5")
  private int seeds = 5;

  @Option(names = "--runner", paramLabel = "NAME", description = "flink or local. Default: flink")
  private String runner = "flink";

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of CONF.")
  private List<String> overrides = List.of();

  private Path output;

  private record Solved(Summary summary, double commandSeconds, double cpuSeconds) {}

  @Override
  public Integer call() throws Exception {
    // Builds what is not built; that is not to be measured.
    output = Files.createTempFile("millrace-solve-", ".out");
    start(List.of("list"), output).waitFor();
    List<Double> seconds = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    List<Double> steps = new ArrayList<>();
    System.out.println("seed  solved    steps  updates  to target  command  CPU  best evaluation");
    for (int seed = 1; seed <= seeds; seed++) {
      Solved solved = solve(seed);
      Summary summary = solved.summary;
      System.out.printf(
          "%4d  %6s  %7d  %7d  %7.1f s  %5.1f s  %3.0f s  %s%n",
          seed,
          summary.solved() ? "yes" : "no",
          summary.environmentSteps(),
          summary.updates(),
          summary.solved() ? summary.secondsToTarget() : Double.NaN,
          solved.commandSeconds,
          solved.cpuSeconds,
          summary.bestEvaluation());
      if (summary.solved()) {
        seconds.add(summary.secondsToTarget());
        steps.add((double) summary.environmentSteps());
      }
      cpu.add(solved.cpuSeconds);
    }
    Files.delete(output);
    System.out.printf("solved %d of %d%n", seconds.size(), seeds);
    if (!seconds.isEmpty()) {
      System.out.printf("to target  %s s%n", Measured.summary(seconds, "%.1f"));
      System.out.printf("steps      %s%n", Measured.summary(steps, "%.0f"));
      System.out.printf("CPU        %s s%n", Measured.summary(cpu, "%.0f"));
    }
    return 0;
  }

  private Solved solve(int seed) throws IOException, InterruptedException {
    RunFolder folder = Runs.folder("solve");
    List<String> arguments = new ArrayList<>(List.of("train", configuration.toString()));
    arguments.addAll(List.of("--seed", Integer.toString(seed), "--runner", runner));
    arguments.addAll(List.of("--run-dir", folder.path()));
    overrides.forEach(override -> arguments.addAll(List.of("--set", override)));
    long start = System.nanoTime();
    Process process = start(arguments, output);
    Duration cpu = Duration.ZERO;
    do { // the time of a process that has ended cannot be asked for
      cpu = process.info().totalCpuDuration().orElse(cpu);
    } while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "./millrace %s ended with exit code %d; see %s and %s"
              .formatted(String.join(" ", arguments), process.exitValue(), output, folder.log()));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Summary summary = Summary.read(folder).orElseThrow();
    Runs.delete(folder);
    return new Solved(summary, seconds, cpu.toMillis() / 1e3);
  }

  private static Process start(List<String> arguments, Path output) throws IOException {
    List<String> command = new ArrayList<>(List.of(Runs.ROOT.resolve("millrace").toString()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}
