package dev.millrace.job.cli;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.network.NetworkOptions;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.PolicyFile;
import dev.millrace.job.config.ConfigurationException;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.run.RunFolder;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A policy ready to act.
 *
 * @param algorithm the name of the one that learned it
 * @param policy with its parameters installed
 * @param seed of the experiment it comes from
 */
record PolicyInUse(String algorithm, EnvironmentProvider environment, Policy policy, long seed) {
  private static final long USUAL_SEED = 1;

  /**
   * Reads a run's best policy, or a policy's file. What the algorithm was told is taken from the
   * {@code config.yaml} beside it; without one, from the network in the file, and what that does
   * not show, such as {@code algorithm.squash-actions}, is as by default.
   *
   * @throws ConfigurationException if it is missing, damaged, or fits nothing that is known here
   */
  static PolicyInUse read(Path source, ClassLoader loader) {
    Path file = Files.isDirectory(source) ? RunFolder.at(source).bestPolicy() : source;
    if (Files.isDirectory(source) && !Files.exists(file)) {
      throw problem(
          source, "has no best-policy.millrace; a run writes one at its first deciding evaluation");
    }
    try {
      PolicyFile read = PolicyFile.read(file);
      return bind(read, file, loader);
    } catch (IOException | IllegalArgumentException e) {
      throw e instanceof ConfigurationException known
          ? known
          : new ConfigurationException("evaluate", List.of(e.getMessage()));
    }
  }

  private static PolicyInUse bind(PolicyFile file, Path path, ClassLoader loader) {
    RunFolder folder = RunFolder.at(path.toAbsolutePath().getParent());
    EnvironmentProvider environment = EnvironmentProvider.catalogue(loader).get(file.environment());
    Algorithm algorithm = Algorithm.catalogue(loader).get(file.algorithm());
    Experiment experiment =
        folder.holdsRun() ? new ExperimentReader(loader).read(folder.config(), List.of()) : null;
    Settings settings =
        experiment == null ? new Settings(described(file.network())) : experiment.settings();
    try (Environment sample = environment.create()) {
      Agent agent = algorithm.bind(sample.spec(), 1, settings);
      if (!agent.network().equals(file.network())) {
        throw problem(
            path,
            "its network is %s, but %s on %s builds %s; put the run's config.yaml beside it"
                .formatted(file.network(), algorithm.name(), environment.name(), agent.network()));
      }
      Policy policy = agent.policy();
      policy.install(file.values());
      return new PolicyInUse(
          algorithm.name(),
          environment,
          policy,
          experiment == null ? USUAL_SEED : experiment.seed());
    }
  }

  /** The options that make {@code network}, as far as they can be told from it. */
  private static Map<String, Serializable> described(NetworkSpec network) {
    TreeMap<String, Serializable> values = new TreeMap<>();
    ArrayList<Long> hidden = new ArrayList<>();
    network.hidden().forEach(layer -> hidden.add((long) layer.units()));
    values.put(NetworkOptions.HIDDEN.key(), hidden);
    network.hidden().stream()
        .findFirst()
        .ifPresent(
            layer ->
                values.put(
                    NetworkOptions.ACTIVATION.key(),
                    layer.activation().name().toLowerCase(Locale.ROOT)));
    return values;
  }

  private static ConfigurationException problem(Path source, String message) {
    return new ConfigurationException(source.toString(), List.of(message));
  }
}
