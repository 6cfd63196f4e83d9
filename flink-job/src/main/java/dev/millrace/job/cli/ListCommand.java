package dev.millrace.job.cli;

import dev.millrace.core.Catalogue;
import dev.millrace.core.Named;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.replay.SamplerProvider;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code list}: what a configuration can name. */
@Command(
    name = "list",
    description = "Shows the algorithms, environments and samplers there are.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private UserJars jars;

  @Override
  public void run() {
    ClassLoader loader = jars.loader();
    PrintWriter out = spec.commandLine().getOut();
    show("Algorithms (algorithm.name)", Algorithm.catalogue(loader), out);
    out.println();
    show("Environments (environment.name)", EnvironmentProvider.catalogue(loader), out);
    out.println();
    show("Samplers (replay.sampler)", SamplerProvider.catalogue(loader), out);
    out.flush();
  }

  private static <T extends Named> void show(
      String title, Catalogue<T> catalogue, PrintWriter out) {
    out.println(title);
    int width = catalogue.all().stream().mapToInt(entry -> entry.name().length()).max().orElse(0);
    for (T entry : catalogue.all()) {
      out.printf("  %-" + Math.max(1, width) + "s  %s%n", entry.name(), entry.sentence());
    }
  }
}
