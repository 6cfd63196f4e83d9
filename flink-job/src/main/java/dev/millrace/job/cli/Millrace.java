package dev.millrace.job.cli;

import dev.millrace.job.ClusterRunner;
import dev.millrace.job.EmbeddedRunner;
import dev.millrace.job.FlinkContext;
import dev.millrace.job.LocalRunner;
import dev.millrace.job.SubmittedRunner;
import dev.millrace.job.config.ConfigurationException;
import dev.millrace.job.run.Runner;
import dev.millrace.job.run.Versions;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * {@code millrace}: trains agents, evaluates policies, and tells what there is and what it takes.
 * Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
 */
@Command(
    name = "millrace",
    description = "Deep reinforcement learning as an Apache Flink job.",
    subcommands = HelpCommand.class,
    mixinStandardHelpOptions = true,
    versionProvider = Millrace.VersionLines.class,
    exitCodeOnInvalidInput = Millrace.WRONG_USAGE,
    exitCodeOnExecutionException = Millrace.FAILED)
public final class Millrace implements Runnable {
  /** The exit code of a command that did what it was asked. */
  public static final int DONE = 0;

  /** The exit code of a command that could not. */
  public static final int FAILED = 1;

  /** The exit code of a command that could not be meant. */
  public static final int WRONG_USAGE = 2;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean debug;

  @Spec private CommandSpec spec;

  private Millrace() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing, such as train conf/cartpole-apex.yaml");
  }

  /** What {@code --version} prints. */
  static final class VersionLines implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return Versions.all().entrySet().stream()
          .map(entry -> entry.getKey() + " " + entry.getValue())
          .toArray(String[]::new);
    }
  }

  /**
   * Runs a command, and ends this process unless Flink runs it: then a failure is an exception.
   *
   * @throws RuntimeException if Flink runs this and the command failed; it said why
   */
  public static void main(String[] arguments) {
    boolean byFlink = FlinkContext.present();
    Supplier<Runner> flink = byFlink ? SubmittedRunner::new : EmbeddedRunner::new;
    int code =
        commandLine(
                Map.of("flink", flink, "cluster", ClusterRunner::new, "local", LocalRunner::new))
            .execute(arguments);
    if (!byFlink) {
      System.exit(code);
    } else if (code != DONE) {
      throw FlinkContext.failure("millrace ended with code %d; see above".formatted(code));
    }
  }

  /**
   * The command line.
   *
   * @param runners what {@code --runner} names; each is made only when it is used
   */
  public static CommandLine commandLine(Map<String, Supplier<Runner>> runners) {
    Millrace millrace = new Millrace();
    return new CommandLine(millrace)
        .addSubcommand(new TrainCommand(runners))
        .addSubcommand(new EvaluateCommand())
        .addSubcommand(new ListCommand())
        .addSubcommand(new ConfigCommand())
        .addSubcommand(new SizeCommand())
        .setParameterExceptionHandler(Millrace::explainUsage)
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> millrace.explain(failure, line.getErr()));
  }

  private static int explainUsage(ParameterException wrong, String[] arguments) {
    CommandLine line = wrong.getCommandLine();
    line.getErr().println("millrace: " + wrong.getMessage());
    line.getErr().printf("Try `%s --help`.%n", line.getCommandSpec().qualifiedName());
    return WRONG_USAGE;
  }

  private int explain(Exception failure, PrintWriter err) {
    boolean configuration = failure instanceof ConfigurationException;
    err.println("millrace: " + (configuration ? failure.getMessage() : deepest(failure)));
    if (debug) {
      failure.printStackTrace(err);
    } else if (!configuration) {
      err.println("(--debug shows where)");
    }
    return configuration ? WRONG_USAGE : FAILED;
  }

  /** The first cause's own words: what wraps it says little to a user. */
  private static String deepest(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    boolean bare = cause.getMessage() == null || cause instanceof FileSystemException;
    return bare ? cause.toString() : cause.getMessage();
  }
}
