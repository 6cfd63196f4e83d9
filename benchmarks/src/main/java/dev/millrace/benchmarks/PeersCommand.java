package dev.millrace.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.infra.Blackhole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code peers}: acting and updating, taking turns with Gymnasium and PyTorch on the same core.
 * Both sides are measured by CPU time, so that a busy machine slows them alike.
 */
@Command(
    name = "peers",
    description = "Acting and one update beside Gymnasium's vectorised CartPole and PyTorch.",
    mixinStandardHelpOptions = true)
final class PeersCommand implements Callable<Integer> {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double SLICE_SECONDS = 1;

  /** Steps per CPU second, and CPU milliseconds: measured once on a machine with two cores. */
  private static final double ACTING_ONCE = 420_000;

  private static final double UPDATE_ONCE = 0.57;

  @Spec private CommandSpec spec;

  @Option(
      names = "--python",
      paramLabel = "PATH",
      description = "A Python with numpy, gymnasium and torch. Without it, figures of before.")
  private Path python;

  @Option(names = "--rounds", paramLabel = "N", description = "Measured turns. Default: 9")
  private int rounds = 9;

  private interface Work {
    void run() throws Exception;
  }

  @Override
  public Integer call() throws Exception {
    Process peer = python == null ? null : start();
    try {
      ActingBenchmark acting = new ActingBenchmark();
      acting.prepare();
      Blackhole sink =
          new Blackhole(
              "Today's password is swordfish. I understand instantiating Blackholes directly is dangerous.");
      compare(
          "acting",
          "steps per CPU second, 64 environments",
          "%,.0f",
          () -> ActingBenchmark.STEPS / cpuSeconds(() -> acting.act(sink)),
          peer,
          ACTING_ONCE);
      DqnUpdateBenchmark update = new DqnUpdateBenchmark();
      update.batchSize = 64;
      update.prepare();
      compare(
          "update",
          "CPU milliseconds, batch 64",
          "%.3f",
          () -> 1e3 * cpuSeconds(update::update),
          peer,
          UPDATE_ONCE);
      update.close();
    } finally {
      if (peer != null) {
        peer.destroy();
      }
    }
    return 0;
  }

  private void compare(
      String name, String unit, String format, Callable<Double> ours, Process peer, double once)
      throws Exception {
    List<Double> mine = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = -2; round < rounds; round++) {
      double own = ours.call();
      double other = peer == null ? once : ask(peer, name);
      if (round >= 0) {
        mine.add(own);
        theirs.add(other);
        ratios.add(own / other);
      }
    }
    System.out.printf("%s: %s%n", name, unit);
    System.out.printf("  Millrace  %s%n", Measured.summary(mine, format));
    System.out.printf(
        "  peer      %s%s%n",
        peer == null ? format.formatted(once) : Measured.summary(theirs, format),
        peer == null ? ", measured once on such a machine" : "");
    System.out.printf("  ratio     %s%n", Measured.summary(ratios, "%.2f"));
  }

  /** CPU seconds of this thread for one call, over a slice of many. */
  private static double cpuSeconds(Work work) throws Exception {
    long calls = 0;
    long begin = THREADS.getCurrentThreadCpuTime();
    long end = begin;
    while (end - begin < SLICE_SECONDS * 1e9) {
      for (int i = 0; i < 100; i++) {
        work.run();
      }
      calls += 100;
      end = THREADS.getCurrentThreadCpuTime();
    }
    return (end - begin) / 1e9 / calls;
  }

  private Process start() throws IOException {
    Path script = Runs.ROOT.resolve("benchmarks/peers/peers.py");
    Process peer =
        new ProcessBuilder(python.toString(), script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String greeting = peer.inputReader(StandardCharsets.UTF_8).readLine();
    if (greeting == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--python %s: cannot run %s, which says above what it lacks; name another, or none"
              .formatted(python, script));
    }
    System.out.println(greeting);
    return peer;
  }

  private static double ask(Process peer, String name) throws IOException {
    PrintStream questions = new PrintStream(peer.getOutputStream(), true, StandardCharsets.UTF_8);
    questions.println(name);
    BufferedReader answers = peer.inputReader(StandardCharsets.UTF_8);
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("peers.py ended; what it said is above");
    }
    return Double.parseDouble(answer);
  }
}
