package dev.millrace.job.run;

import dev.millrace.core.network.NetworkSpec;
import dev.millrace.job.config.Experiment;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@link Recorder} must know of the run it records.
 *
 * @param network the policy's
 * @param targetReturn NaN for none
 * @param interval between two rows of metrics
 * @param startedAtMillis when the command was given, milliseconds since 1970
 * @param versions of the software, by name
 */
public record Recording(
    RunFolder folder,
    String name,
    String algorithm,
    String environment,
    NetworkSpec network,
    long seed,
    double targetReturn,
    Duration interval,
    long startedAtMillis,
    Map<String, String> versions)
    implements Serializable {
  public Recording {
    versions = new TreeMap<>(versions);
  }

  /** The recording of {@code experiment}, with the algorithm that {@code loader} sees. */
  public static Recording of(
      Experiment experiment, RunFolder folder, long startedAtMillis, ClassLoader loader) {
    return new Recording(
        folder,
        experiment.name(),
        experiment.algorithm(),
        experiment.environment().name(),
        experiment.agent(loader).network(),
        experiment.seed(),
        experiment.evaluation().targetReturn(),
        experiment.recorderInterval(),
        startedAtMillis,
        Versions.all());
  }
}
