package dev.millrace.job.config;

import dev.millrace.core.Catalogue;
import dev.millrace.core.Named;
import dev.millrace.core.Suggestion;
import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.replay.SamplerProvider;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads a configuration into an {@link Experiment}, or says everything that is wrong with it.
 *
 * <p>The file is long because every problem is told where it is found.
 */
public final class ExperimentReader {
  private final ClassLoader loader;
  private final Catalogue<Algorithm> algorithms;
  private final Catalogue<EnvironmentProvider> environments;
  private final Catalogue<SamplerProvider> samplers;

  /**
   * @param loader sees the algorithms, environments and samplers that may be named
   */
  public ExperimentReader(ClassLoader loader) {
    this.loader = loader;
    algorithms = Algorithm.catalogue(loader);
    environments = EnvironmentProvider.catalogue(loader);
    samplers = SamplerProvider.catalogue(loader);
  }

  /**
   * Reads a file.
   *
   * @param overrides each {@code key=value}, taking the place of what the file says
   * @throws ConfigurationException with every problem
   */
  public Experiment read(Path file, List<String> overrides) {
    String fileName = String.valueOf(file.getFileName());
    int dot = fileName.lastIndexOf('.');
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new ConfigurationException(
          file.toString(),
          List.of(
              Files.exists(file)
                  ? "cannot be read as UTF-8 text: " + e.getMessage()
                  : "there is no such file; conf/ holds examples"));
    }
    return read(file.toString(), text, dot > 0 ? fileName.substring(0, dot) : fileName, overrides);
  }

  /**
   * Reads a document.
   *
   * @param source what messages call it
   * @param defaultName the run's name if the document has none
   */
  public Experiment read(String source, String yaml, String defaultName, List<String> overrides) {
    GivenValues given = new GivenValues();
    given.document(yaml);
    overrides.forEach(given::override);
    return new Reading(given, defaultName).finish(source);
  }

  /** The options of {@code experiment}: of every experiment, its algorithm and its sampler. */
  public List<Option<?>> options(Experiment experiment) {
    return options(experiment.algorithm(), experiment.replay().sampler());
  }

  /** {@code experiment} as YAML, defaults included, so that reading it gives the same again. */
  public String resolved(Experiment experiment) {
    return ConfigurationText.resolved(experiment, options(experiment));
  }

  private List<Option<?>> options(String algorithm, String sampler) {
    List<Option<?>> more = new ArrayList<>();
    boolean samples = true;
    if (algorithms.contains(algorithm)) {
      more.addAll(algorithms.get(algorithm).options());
      samples = algorithms.get(algorithm).samplesReplay();
    }
    if (samples && samplers.contains(sampler)) {
      more.addAll(samplers.get(sampler).options());
    }
    List<Option<?>> all = ExperimentOptions.with(more);
    return samples
        ? all
        : all.stream().filter(option -> !ExperimentOptions.isOfReplay(option)).toList();
  }

  /** One configuration on its way from texts to an experiment. */
  private final class Reading {
    private final Map<String, GivenValues.Given> given;
    private final List<String> problems;
    private final Set<String> bad = new HashSet<>();
    private final TreeMap<String, Serializable> values = new TreeMap<>();
    private final Map<String, String> flink = new TreeMap<>();
    private int maxEpisodeSteps;

    Reading(GivenValues source, String defaultName) {
      given = source.values();
      problems = new ArrayList<>(source.problems());
      given.putIfAbsent(ExperimentOptions.NAME.key(), new GivenValues.Given(defaultName, null));
    }

    Experiment finish(String source) {
      List<Option<?>> options =
          options(
              text(ExperimentOptions.ALGORITHM.key(), ""),
              text(ExperimentOptions.SAMPLER.key(), ExperimentOptions.SAMPLER.defaultValue()));
      Map<String, Option<?>> byKey = new LinkedHashMap<>();
      options.forEach(option -> byKey.put(option.key(), option));
      given.forEach((key, value) -> take(key, value, byKey));
      byKey.values().forEach(this::requireOrDefault);
      checkName(ExperimentOptions.ENVIRONMENT_NAME, environments);
      checkName(ExperimentOptions.ALGORITHM, algorithms);
      checkName(ExperimentOptions.SAMPLER, samplers);
      Settings settings = new Settings(values);
      Agent agent = bind(settings);
      CrossChecks checks = new CrossChecks(settings, maxEpisodeSteps, bad, this::report);
      checks.run(agent);
      if (!problems.isEmpty()) {
        throw new ConfigurationException(source, problems);
      }
      return Experiments.of(settings, checks.pace(), flink);
    }

    private String text(String key, String otherwise) {
      GivenValues.Given value = given.get(key);
      return value == null || value.text() == null ? otherwise : value.text();
    }

    private void take(String key, GivenValues.Given value, Map<String, Option<?>> byKey) {
      Option<?> option = byKey.get(key);
      if (key.startsWith(ExperimentOptions.FLINK) && value.text() != null) {
        flink.put(key.substring(ExperimentOptions.FLINK.length()), value.text());
      } else if (option != null) {
        takeOption(option, value);
      } else if (keepsNoReplay() && isOfReplay(key)) {
        report(
            key,
            "%s: algorithm.name=%s keeps no replay, it learns from each rollout once; leave the key out"
                .formatted(key, text(ExperimentOptions.ALGORITHM.key(), "")));
      } else if (byKey.keySet().stream().anyMatch(known -> known.startsWith(key + "."))) {
        if (value.text() != null) {
          report(key, "%s=%s: is a section; give its keys".formatted(key, value.text()));
        }
      } else {
        report(
            key,
            "%s: no such key%s; `millrace config` shows them all"
                .formatted(key, Suggestion.of(key, byKey.keySet())));
      }
    }

    private boolean keepsNoReplay() {
      String algorithm = text(ExperimentOptions.ALGORITHM.key(), "");
      return algorithms.contains(algorithm) && !algorithms.get(algorithm).samplesReplay();
    }

    private boolean isOfReplay(String key) {
      return Stream.concat(
              ExperimentOptions.own().stream().filter(ExperimentOptions::isOfReplay),
              samplers.all().stream().flatMap(sampler -> sampler.options().stream()))
          .anyMatch(option -> option.key().equals(key));
    }

    private <T> void takeOption(Option<T> option, GivenValues.Given value) {
      String key = option.key();
      if (value.text() == null) {
        report(key, key + ": has no value; give one or leave the key out");
        return;
      }
      try {
        Serializable read = OptionText.read(option, value.text());
        @SuppressWarnings("unchecked") // OptionText reads what the option's type says
        T typed = (T) read;
        if (option.accepts(typed)) {
          values.put(key, read);
        } else {
          report(key, mustBe(option, value.text(), option.rule()));
        }
      } catch (IllegalArgumentException e) {
        report(key, mustBe(option, value.text(), e.getMessage()));
      }
    }

    private static String mustBe(Option<?> option, String text, String rule) {
      return "%s=%s: must be %s%s"
          .formatted(
              option.key(),
              text,
              rule,
              option.defaultValue() == null
                  ? ""
                  : "; the default is " + OptionText.write(option.defaultValue()));
    }

    private void requireOrDefault(Option<?> option) {
      if (option.defaultValue() == null
          && !values.containsKey(option.key())
          && !bad.contains(option.key())) {
        report(option.key(), "%s: must be given: %s".formatted(option.key(), option.sentence()));
      }
    }

    private <T extends Named> void checkName(Option<String> option, Catalogue<T> catalogue) {
      Object name = values.getOrDefault(option.key(), option.defaultValue());
      if (bad.contains(option.key())) {
        return;
      }
      try {
        catalogue.get((String) name);
      } catch (IllegalArgumentException e) {
        report(option.key(), "%s=%s: %s".formatted(option.key(), name, e.getMessage()));
      }
    }

    /** The algorithm bound to its environment, or null if what it needs is already known bad. */
    private Agent bind(Settings settings) {
      String algorithm = settings.get(ExperimentOptions.ALGORITHM);
      String environment = settings.get(ExperimentOptions.ENVIRONMENT_NAME);
      boolean hopeless =
          bad.contains(ExperimentOptions.ALGORITHM.key())
              || bad.contains(ExperimentOptions.ENVIRONMENT_NAME.key())
              || algorithms.get(algorithm).options().stream().anyMatch(o -> bad.contains(o.key()));
      if (hopeless) {
        return null;
      }
      try (var sample = environments.get(environment).create()) {
        maxEpisodeSteps = sample.spec().maxEpisodeSteps();
        return algorithms
            .get(algorithm)
            .bind(sample.spec(), settings.count(ExperimentOptions.ENVIRONMENT_COUNT), settings);
      } catch (IllegalArgumentException | ArithmeticException e) {
        report(
            ExperimentOptions.ALGORITHM.key(),
            "algorithm.name=%s on environment.name=%s: %s"
                .formatted(algorithm, environment, e.getMessage()));
        return null;
      }
    }

    private void report(String key, String message) {
      bad.add(key);
      GivenValues.Given value = given.get(key);
      problems.add(
          value == null || value.where() == null ? message : value.where() + ": " + message);
    }
  }
}
