package dev.millrace.core.agent;

import dev.millrace.core.Catalogue;
import dev.millrace.core.Named;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import java.util.List;

/**
 * A learning algorithm, one file each. Found through {@link java.util.ServiceLoader}: name yours in
 * {@code META-INF/services/dev.millrace.core.agent.Algorithm}.
 */
public interface Algorithm extends Named {

  /** The options under {@code algorithm.} that it reads. */
  List<Option<?>> options();

  /**
   * Binds the algorithm to an environment and a configuration.
   *
   * @param environments how many environments act, over all tasks
   * @throws IllegalArgumentException if the environment does not suit the algorithm
   */
  Agent bind(EnvironmentSpec environment, int environments, Settings settings);

  /** Whether its agents are {@link ReplayAgent}s, so that the options of a replay concern it. */
  default boolean samplesReplay() {
    return true;
  }

  /** Every algorithm that {@code loader} sees. */
  static Catalogue<Algorithm> catalogue(ClassLoader loader) {
    return Catalogue.of("algorithm", Algorithm.class, loader);
  }
}
