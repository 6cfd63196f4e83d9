package dev.millrace.job.cli;

import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.config.Reference;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code config}: prints the reference of all options, or checks a file. */
@Command(
    name = "config",
    description = "Prints the reference of all options, or checks a configuration.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private UserJars jars;

  @Parameters(arity = "0..1", paramLabel = "CONF", description = "The configuration to check.")
  private Path configuration;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of CONF.")
  private List<String> overrides = List.of();

  @Option(names = "--resolved", description = "Also print CONF with every default filled in.")
  private boolean resolved;

  @Override
  public void run() {
    ClassLoader loader = jars.loader();
    PrintWriter out = spec.commandLine().getOut();
    if (configuration == null) {
      out.print(Reference.text(loader));
    } else {
      ExperimentReader reader = new ExperimentReader(loader);
      Experiment experiment = reader.read(configuration, overrides);
      out.printf(
          "%s: good: %s on %s%n",
          configuration, experiment.algorithm(), experiment.environment().name());
      if (resolved) {
        out.print(reader.resolved(experiment));
      }
    }
    out.flush();
  }
}
