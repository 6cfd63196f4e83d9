package dev.millrace.job;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What Flink says where Flink itself started this program, as {@code flink run} does. */
public final class FlinkContext {
  private FlinkContext() {}

  /** Whether Flink started this program, and says where its job is to run. */
  public static boolean present() {
    return !StreamExecutionEnvironment.areExplicitEnvironmentsAllowed();
  }

  /** Whether nobody waits for the job: always so in an application's JobManager. */
  public static boolean detached() {
    return present() && (!options().get(DeploymentOptions.ATTACHED) || inJobManager());
  }

  /** Whether this program runs in the JobManager of an application. */
  static boolean inJobManager() {
    return present() && "embedded".equals(options().get(DeploymentOptions.TARGET));
  }

  /** Tells Flink that this program failed; what went wrong has been said. */
  public static RuntimeException failure(String message) {
    // The one kind that Flink's command line shows without its stack trace.
    return new ProgramParametrizationException(message);
  }

  /** The jar that Flink was given, and this class is in. */
  public static Path jar() {
    return Path.of(
        FlinkContext.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private static Configuration options() {
    return Configuration.fromMap(
        StreamExecutionEnvironment.getExecutionEnvironment().getConfiguration().toMap());
  }

  /** The parallelism given to Flink's command line; empty if none was. */
  public static OptionalInt parallelism() {
    if (!present()) {
      return OptionalInt.empty();
    }
    String given = commandLine(options()).get(CoreOptions.DEFAULT_PARALLELISM.key());
    return given == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(given));
  }

  /**
   * The options that were given to Flink's command line: those that its configuration file has
   * otherwise.
   *
   * @param flink the options in effect
   */
  static Map<String, String> commandLine(Configuration flink) {
    Map<String, String> given = new HashMap<>(flink.toMap());
    given.entrySet().removeAll(GlobalConfiguration.loadConfiguration().toMap().entrySet());
    // Flink's own doing.
    given.remove(DeploymentOptions.TARGET.key());
    given.remove(DeploymentOptions.ATTACHED.key());
    given.remove(PipelineOptions.JARS.key());
    given.remove(PipelineOptions.CLASSPATHS.key());
    return given;
  }
}
