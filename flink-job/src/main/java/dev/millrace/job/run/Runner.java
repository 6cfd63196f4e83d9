package dev.millrace.job.run;

import dev.millrace.job.config.Experiment;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
   * The job of {@code folder} that runs on the cluster already, which {@link Cluster#job} has
   * attended.
   */
  default Optional<String> running(RunFolder folder, Cluster cluster) throws Exception {
    return Optional.empty();
  }

  /**
   * What to run.
   *
   * @param folder the run folder of who gave the command. Of a job that Flink's command line leaves
   *     to itself it is the job's own, and null if the job shall choose
   * @param resumeFrom the savepoint or retained checkpoint to continue from; null to begin
   * @param startedAtMillis when the command was given, milliseconds since 1970
   * @param loader sees the user's jars
   * @param jars the user's jars
   * @param webUi whether to serve Flink's web interface while it runs
   * @param cluster where to run it
   */
  record Launch(
      Experiment experiment,
      RunFolder folder,
      URI resumeFrom,
      long startedAtMillis,
      ClassLoader loader,
      List<Path> jars,
      boolean webUi,
      Cluster cluster,
      StopRequest stop) {}

  /**
   * A session cluster to run on.
   *
   * @param addresses of its REST interface, any of which will do; none for no cluster
   * @param job Flink's identifier of a job there that runs already, to be attended; null for none
   * @param detached whether to submit only, and not to attend
   */
  record Cluster(List<URI> addresses, String job, boolean detached) {
    /** No cluster: in this process. */
    public static final Cluster NONE = new Cluster(List.of(), null, false);
  }

  /** How a run ended, as far as its client knows. */
  enum Ending {
    SUBMITTED,
    TARGET_REACHED,
    BUDGET_SPENT,
    STOPPED
  }

  /**
   * @param savepoint what a resume continues from; null if the run left none
   */
  record Outcome(Ending ending, URI savepoint) {}
}
