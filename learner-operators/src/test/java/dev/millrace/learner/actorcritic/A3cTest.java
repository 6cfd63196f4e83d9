package dev.millrace.learner.actorcritic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.Rollout;
import dev.millrace.learner.network.Nd4jNetworks;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class A3cTest {
  private final Algorithm a3c = Algorithm.catalogue(getClass().getClassLoader()).get("a3c");

  @Test
  void readsEveryOptionItDeclares() {
    Settings settings = new Settings(Map.of());
    TrajectoryAgent agent = (TrajectoryAgent) a3c.bind(TestingGuesses.NAMED, 2, settings);
    agent.policy();
    agent.replay();
    agent.worker();
    agent.learner(new Nd4jNetworks(), 1).close();
    assertThat(settings.read())
        .containsExactlyInAnyOrderElementsOf(a3c.options().stream().map(Option::key).toList());
  }

  @Test
  void takesEachGradientAsItComesUnlessToldToWaitForAll() {
    assertThat(replay(Map.of("algorithm.max-lag", 7L)))
        .isEqualTo(ReplaySpec.Fifo.decoupled(0.9, 1, 7));
    assertThat(
            TestingGuesses.bind(a3c, TestingGuesses.NAMED, Map.of("algorithm.synchronous", true))
                .replay())
        .isEqualTo(ReplaySpec.Fifo.lockStep(0.9));
  }

  private ReplaySpec replay(Map<String, Long> given) {
    return TestingGuesses.bind(a3c, TestingGuesses.NAMED, given).replay();
  }

  @Test
  void synchronouslyItLearnsToNameTheLamp() {
    assertThat(
            TestingGuesses.learned(
                a3c, TestingGuesses.NAMED, Map.of("algorithm.synchronous", true), 100, 4))
        .isEqualTo(4);
  }

  @Test
  void learnsToNameTheLampFromGradientsSomeUpdatesOld() {
    TrajectoryAgent agent = TestingGuesses.bind(a3c, TestingGuesses.NAMED, Map.of());
    TestingGuesses guesses = new TestingGuesses(TestingGuesses.NAMED, agent, 1);
    ArrayDeque<Rollout> underWay = new ArrayDeque<>();
    try (Learner<List<Rollout>> learner = agent.learner(new Nd4jNetworks(), 1)) {
      for (int i = 0; i < 100; i++) {
        underWay.addAll(guesses.round(learner.parameters(), 4));
        while (underWay.size() > 4) {
          learner.update(List.of(underWay.poll()));
        }
      }
      assertThat(guesses.judge(learner.parameters(), 50)).isEqualTo(4);
    }
  }

  @Test
  void synchronouslyItIsA2cWithGradientsFoundElsewhere() {
    Map<String, Boolean> given = Map.of("algorithm.synchronous", true);
    TrajectoryAgent workers = TestingGuesses.bind(a3c, TestingGuesses.NAMED, given);
    TrajectoryAgent central = TestingGuesses.bind(new A2c(), TestingGuesses.NAMED, Map.of());
    TestingGuesses guesses = new TestingGuesses(TestingGuesses.NAMED, central, 1);
    try (Learner<List<Rollout>> sums = workers.learner(new Nd4jNetworks(), 1);
        Learner<List<Rollout>> finds = central.learner(new Nd4jNetworks(), 1)) {
      float[] both = sums.parameters();
      List<Rollout> round = List.of(guesses.rollout(0, both, 2), guesses.rollout(1, both, 5));
      List<Rollout> reduced =
          round.stream().map(rollout -> workers.worker().work(rollout, both)).toList();

      double norm = sums.update(reduced).gradientNorm();

      assertThat(norm).isCloseTo(finds.update(round).gradientNorm(), within(1e-5));
      float[] expected = finds.parameters();
      float[] policy = Arrays.copyOf(sums.parameters(), expected.length);
      assertThat(policy).containsExactly(expected, within(1e-4f));
    }
  }
}
