package dev.millrace.learner.actorcritic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.learner.network.Nd4jNetworks;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReinforceTest {
  private final Algorithm reinforce =
      Algorithm.catalogue(getClass().getClassLoader()).get("reinforce");

  @Test
  void readsEveryOptionItDeclares() {
    Settings settings = new Settings(Map.of());
    TrajectoryAgent agent = (TrajectoryAgent) reinforce.bind(TestingGuesses.NAMED, 2, settings);
    agent.policy();
    agent.replay();
    agent.worker();
    agent.learner(new Nd4jNetworks(), 1).close();
    assertThat(settings.read())
        .containsExactlyInAnyOrderElementsOf(
            reinforce.options().stream().map(Option::key).toList());
  }

  @Test
  void takesWholeEpisodesInLockStep() {
    assertThat(TestingGuesses.bind(reinforce, TestingGuesses.NAMED, Map.of()).replay())
        .isEqualTo(ReplaySpec.Fifo.lockStepEpisodes(0.9));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void learnsToNameTheLamp(boolean baseline) {
    assertThat(
            TestingGuesses.learned(
                reinforce, TestingGuesses.NAMED, Map.of("algorithm.baseline", baseline), 150, 4))
        .isEqualTo(4);
  }

  @Test
  void learnsToPointAtTheLamp() {
    assertThat(TestingGuesses.learned(reinforce, TestingGuesses.NUMBERED, Map.of(), 400, 8))
        .isGreaterThan(3.5);
  }
}
