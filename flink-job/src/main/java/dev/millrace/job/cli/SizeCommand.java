package dev.millrace.job.cli;

import dev.millrace.job.JobShape;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.size.SizeEstimate;
import dev.millrace.job.size.SizeEstimate.Assumptions;
import dev.millrace.job.size.SizeReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code size}: what a run would take of a cluster. */
@Command(
    name = "size",
    description = "Estimates slots, memory and checkpoints from a configuration.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SizeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private UserJars jars;

  @Parameters(paramLabel = "CONF", description = "The experiment.")
  private Path configuration;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of CONF.")
  private List<String> overrides = List.of();

  @Option(
      names = "--transitions",
      paramLabel = "N",
      description = "Transitions in replay. Default: replay.capacity.")
  private Long transitions;

  @Option(
      names = "--steps-per-second",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Environment steps a second, for later checkpoints. Default: 5000.")
  private double stepsPerSecond;

  @Option(names = "--json", description = "Print JSON, all sizes in bytes.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    ClassLoader loader = jars.loader();
    Experiment experiment = new ExperimentReader(loader).read(configuration, overrides);
    Assumptions assumed;
    try {
      assumed =
          new Assumptions(
              transitions == null ? experiment.replay().capacity() : transitions, stepsPerSecond);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    SizeReport report =
        new SizeReport(
            assumed, SizeEstimate.of(experiment, loader, assumed), JobShape.of(experiment, loader));
    PrintWriter out = spec.commandLine().getOut();
    out.println((json ? report.json() : report.text()).stripTrailing());
    out.flush();
    return Millrace.DONE;
  }
}
