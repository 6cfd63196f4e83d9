package dev.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.core.config.Option;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PpoConfigurationTest {
  private static final ClassLoader LOADER = PpoConfigurationTest.class.getClassLoader();
  private static final String MINIMAL =
      """
      name: trial
      environment: {name: CartPole-v1}
      algorithm: {name: ppo}
      """;

  private final ExperimentReader reader = new ExperimentReader(LOADER);

  private Experiment read(String... overrides) {
    return reader.read("a.yaml", MINIMAL, "a", List.of(overrides));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replay.capacity=5             | replay.capacity: algorithm.name=ppo keeps no replay, it learns from each rollout once; leave the key out
          replay.sampler=uniform        | replay.sampler: algorithm.name=ppo keeps no replay, it learns from each rollout once; leave the key out
          replay.priority-exponent=0.5  | replay.priority-exponent: algorithm.name=ppo keeps no replay, it learns from each rollout once; leave the key out
          learner.prefetch=2            | learner.prefetch: algorithm.name=ppo keeps no replay, it learns from each rollout once; leave the key out
          replay.capcity=5              | replay.capcity: no such key
          replay.window=9               | replay.window=9: must be 0; in lock-step acting and learning cannot drift apart
          learner.publish-every=3       | learner.publish-every=3: must be 1, or 0; in lock-step actors wait for every update's parameters
          budget.environment-steps=9    | budget.environment-steps=9: must be at least 256, a round of 32 steps in each of 8 environments; none would ever be begun
          algorithm.target-kl=far       | algorithm.target-kl=far: must be a number or none; the default is none
          algorithm.clip=1e999          | algorithm.clip=1e999: must be a number; the default is 0.2
          algorithm.noise-correlation=1 | algorithm.noise-correlation=1: must be at least 0 and below 1; the default is 0
          """)
  void refusesWithTheRuleAndTheRemedy(String override, String message) {
    ConfigurationException thrown =
        catchThrowableOfType(ConfigurationException.class, () -> read(override.strip()));
    assertThat(thrown).as("should be refused").isNotNull();
    assertThat(thrown.problems()).hasSize(1);
    assertThat(thrown.problems().get(0).replaceFirst("^--set: ", "")).startsWith(message);
  }

  @Test
  void aSamplersOptionWithoutItsSamplerIsNoSuchKey() {
    ConfigurationException thrown =
        catchThrowableOfType(
            ConfigurationException.class,
            () ->
                read("algorithm.name=dqn", "replay.sampler=uniform", "replay.priority-exponent=1"));
    assertThat(thrown.problems()).hasSize(1);
    assertThat(thrown.problems().get(0)).contains("replay.priority-exponent: no such key");
  }

  @Test
  void whatIsWrittenResolvedReadsBackTheSameWithoutAReplay() {
    Experiment experiment = read("algorithm.target-kl=0.02", "actor.steps-per-ticket=64");
    for (Experiment each : List.of(experiment, read(), read("algorithm.target-kl=none"))) {
      String resolved = reader.resolved(each);
      Experiment again = reader.read("b.yaml", resolved, "b", List.of());
      assertThat(reader.resolved(again)).isEqualTo(resolved);
      assertThat(Fingerprint.of(again, LOADER)).isEqualTo(Fingerprint.of(each, LOADER));
      assertThat(resolved).doesNotContain("capacity", "sampler", "prefetch");
    }
    assertThat(experiment.actor().stepsPerTicket()).isEqualTo(64);
  }

  @Test
  void noOptionOfAReplayIsAmongItsOptionsOrInItsFingerprint() {
    Experiment experiment = read();
    assertThat(reader.options(experiment))
        .extracting(Option::key)
        .contains("algorithm.clip", "replay.window")
        .doesNotContain("replay.capacity", "replay.shards", "replay.priority-exponent");
    assertThat(Fingerprint.of(experiment, LOADER).fixed().keySet())
        .contains("algorithm.normalize-observations")
        .noneMatch(key -> key.startsWith("replay."));
  }

  @Test
  void aRunCannotGoOnWithOtherStatistics() {
    Fingerprint before = Fingerprint.of(read(), LOADER);
    assertThat(before.differences(Fingerprint.of(read("algorithm.clip=0.1"), LOADER))).isEmpty();
    assertThat(before.differences(Fingerprint.of(read("algorithm.normalize-rewards=true"), LOADER)))
        .containsExactly(
            "algorithm.normalize-rewards=true: the run's state was made with false, and this is fixed for a run; set it back or begin a new run");
  }
}
