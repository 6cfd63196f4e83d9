package dev.millrace.job.run;

import dev.millrace.job.config.Experiment;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs an experiment: on Flink, or in one thread. What is to be seen meanwhile stands in the run
 * folder, where the recorder keeps {@link RunFolder#progress()} fresh.
 */
@FunctionalInterface
public interface Runner {

  /**
   * Trains until the target or the budget is reached, {@code launch.stop()} is asked, or something
   * fails. Blocks.
   *
   * @throws Exception if the run failed; the deepest cause's message is what the user sees
   */
  Outcome run(Launch launch) throws Exception;

  /**
   * What to run.
   *
   * @param resumeFrom the savepoint or retained checkpoint to continue from; null to begin
   * @param startedAtMillis when the command was given, milliseconds since 1970
   * @param loader sees the user's jars
   * @param jars the user's jars
   * @param webUi whether to serve Flink's web interface while it runs
   */
  record Launch(
      Experiment experiment,
      RunFolder folder,
      Path resumeFrom,
      long startedAtMillis,
      ClassLoader loader,
      List<Path> jars,
      boolean webUi,
      StopRequest stop) {}

  /** How a run ended. */
  enum Ending {
    TARGET_REACHED,
    BUDGET_SPENT,
    STOPPED
  }

  /**
   * @param savepoint what a resume continues from; null if the run left none
   */
  record Outcome(Ending ending, Path savepoint) {}
}
