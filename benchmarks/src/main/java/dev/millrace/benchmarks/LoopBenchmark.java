package dev.millrace.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Figures of the whole loop, and of its hot parts beside their peers: {@code benchmarks/run}. */
@Command(
    name = "benchmarks/run",
    description = "Measures the whole loop. Say nothing else to the machine meanwhile.",
    mixinStandardHelpOptions = true,
    subcommands = {
      PaceCommand.class,
      CheckpointsCommand.class,
      SolveCommand.class,
      ImpalaCommand.class,
      ReinforceCommand.class,
      PeersCommand.class,
      SoakCommand.class
    })
public final class LoopBenchmark {
  private LoopBenchmark() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LoopBenchmark()).execute(arguments));
  }
}
