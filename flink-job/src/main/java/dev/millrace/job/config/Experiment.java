package dev.millrace.job.config;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.EnvironmentSpec;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * One experiment, complete and checked: what {@link ExperimentReader} makes of a configuration.
 * Serializable, so that a task can bind the algorithm again with its own class loader.
 *
 * @param name of the run, and of its folder
 * @param seed decides every random draw
 * @param algorithm its name in the catalogue
 * @param budgetSteps environment steps after which the run ends
 * @param flink options handed to Flink as they are, without their {@code flink.}
 * @param settings all values given, for the algorithm to read its own
 */
public record Experiment(
    String name,
    long seed,
    Environments environment,
    Actors actor,
    String algorithm,
    Replay replay,
    Learning learner,
    Evaluating evaluation,
    long budgetSteps,
    Checkpoints checkpoint,
    Records recorder,
    Map<String, String> flink,
    Settings settings)
    implements Serializable {

  /**
   * How it is written down.
   *
   * @param interval time between two rows of metrics
   * @param waitForClient how long a run that is over waits for who attended it
   */
  public record Records(Duration interval, Duration waitForClient) implements Serializable {}

  /**
   * The environments that act.
   *
   * @param name in the catalogue
   * @param count over all tasks
   * @param groupSize environments in one group, the unit of acting and of rescaling; the last group
   *     may be smaller
   * @param maxConsecutiveFaults failures of one environment in a row at which the job fails
   */
  public record Environments(String name, int count, int groupSize, int maxConsecutiveFaults)
      implements Serializable {}

  /**
   * How they act.
   *
   * @param stepsPerTicket steps each environment of a group takes for one ticket
   */
  public record Actors(int parallelism, int stepsPerTicket) implements Serializable {}

  /**
   * What is remembered.
   *
   * @param capacity transitions, over all shards
   * @param limiter with its window resolved
   * @param cacheBytes serving cache on the heap, over all shards
   */
  public record Replay(
      String sampler,
      long capacity,
      int shards,
      int parallelism,
      RateLimiter limiter,
      long cacheBytes)
      implements Serializable {}

  /**
   * How it is learned from.
   *
   * @param prefetch batches under way to the learner
   * @param publishEvery updates between two publications of parameters
   * @param maxNonFinite updates dropped in a row after which the job fails for good
   * @param onGpu whether it computes on a GPU
   */
  public record Learning(int prefetch, int publishEvery, int maxNonFinite, boolean onGpu)
      implements Serializable {}

  /**
   * How it is judged.
   *
   * @param episodesFirst greedy episodes that must promise something before the rest is played
   * @param episodes greedy episodes that decide
   * @param targetReturn mean return at which the run ends; NaN for none
   */
  public record Evaluating(int episodesFirst, int episodes, double targetReturn)
      implements Serializable {}

  /**
   * How it is kept.
   *
   * @param retained whether the last checkpoint stays when the job is cancelled or fails
   */
  public record Checkpoints(Duration interval, boolean retained) implements Serializable {}

  public Experiment {
    flink = new TreeMap<>(flink);
  }

  /** Makes environments of the experiment's kind. */
  public EnvironmentProvider environments(ClassLoader loader) {
    return EnvironmentProvider.catalogue(loader).get(environment.name());
  }

  /** What the experiment's environments look like. */
  public EnvironmentSpec spec(ClassLoader loader) {
    try (Environment sample = environments(loader).create()) {
      return sample.spec();
    }
  }

  /** The algorithm, bound to the experiment's environment and settings. */
  public Agent agent(ClassLoader loader) {
    return Algorithm.catalogue(loader)
        .get(algorithm)
        .bind(spec(loader), environment.count(), settings);
  }
}
