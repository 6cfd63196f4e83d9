package dev.millrace.job.run;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@link Recorder} must know of the run it records.
 *
 * @param folder null for one of the task's own machine
 * @param configuration of the experiment, as resolved
 * @param network the policy's
 * @param measures what the algorithm's updates measure besides their loss
 * @param targetReturn NaN for none
 * @param interval between two rows of metrics
 * @param waitForClient how long a run that is over stays up for a client that attended it
 * @param startedAtMillis when the command was given, milliseconds since 1970
 * @param attended whether a client attends the run from its beginning
 * @param versions of the software, by name
 */
public record Recording(
    RunFolder folder,
    String name,
    String algorithm,
    String environment,
    String configuration,
    NetworkSpec network,
    List<String> measures,
    long seed,
    double targetReturn,
    Duration interval,
    Duration waitForClient,
    long startedAtMillis,
    boolean attended,
    Map<String, String> versions)
    implements Serializable {
  public Recording {
    measures = List.copyOf(measures);
    versions = new TreeMap<>(versions);
  }

  /** The same in another folder. */
  Recording in(RunFolder elsewhere) {
    return new Recording(
        elsewhere,
        name,
        algorithm,
        environment,
        configuration,
        network,
        measures,
        seed,
        targetReturn,
        interval,
        waitForClient,
        startedAtMillis,
        attended,
        versions);
  }

  /** The recording of {@code experiment}, with the algorithm that {@code loader} sees. */
  public static Recording of(
      Experiment experiment,
      RunFolder folder,
      long startedAtMillis,
      boolean attended,
      ClassLoader loader) {
    Agent agent = experiment.agent(loader);
    return new Recording(
        folder,
        experiment.name(),
        experiment.algorithm(),
        experiment.environment().name(),
        new ExperimentReader(loader).resolved(experiment),
        agent.network(),
        agent.measures(),
        experiment.seed(),
        experiment.evaluation().targetReturn(),
        experiment.recorder().interval(),
        experiment.recorder().waitForClient(),
        startedAtMillis,
        attended,
        Versions.all());
  }
}
