package dev.millrace.learner.actorcritic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.RolloutWorker;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.agent.Update;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.Rollout;
import dev.millrace.learner.network.Nd4jNetworks;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class A2cTest {
  private static final Map<String, Serializable> NORMALIZED =
      Map.of(
          "algorithm.normalize-observations", true,
          "algorithm.normalize-rewards", true,
          "algorithm.normalize-advantages", true);

  private final A2c a2c = (A2c) Algorithm.catalogue(getClass().getClassLoader()).get("a2c");

  @Test
  void readsEveryOptionItDeclares() {
    Settings settings = new Settings(Map.of());
    TrajectoryAgent agent = (TrajectoryAgent) a2c.bind(TestingGuesses.NAMED, 2, settings);
    agent.policy();
    agent.replay();
    agent.learner(new Nd4jNetworks(), 1).close();
    assertThat(settings.read())
        .containsExactlyInAnyOrderElementsOf(a2c.options().stream().map(Option::key).toList());
  }

  @Test
  void learnsInLockStepFromTrajectories() {
    TrajectoryAgent agent = TestingGuesses.bind(a2c, TestingGuesses.NAMED, Map.of());
    assertThat(agent.replay()).isEqualTo(ReplaySpec.Fifo.lockStep(0.9));
    assertThat(agent.worker()).isSameAs(RolloutWorker.SENDS_TRAJECTORIES);
  }

  @Test
  void learnsToNameTheLamp() {
    assertThat(TestingGuesses.learned(a2c, TestingGuesses.NAMED, Map.of(), 100, 4)).isEqualTo(4);
  }

  @Test
  void learnsToPointAtTheLampWithEverythingNormalized() {
    assertThat(TestingGuesses.learned(a2c, TestingGuesses.NUMBERED, NORMALIZED, 200, 8))
        .isGreaterThan(3.8);
  }

  @Test
  void publishesAPolicyThatSeesObservationsAsTheyAre() {
    TrajectoryAgent agent = TestingGuesses.bind(a2c, TestingGuesses.NAMED, NORMALIZED);
    TestingGuesses guesses = new TestingGuesses(TestingGuesses.NAMED, agent, 5);
    try (Learner<List<Rollout>> learner = agent.learner(new Nd4jNetworks(), 1)) {
      float[] before = learner.parameters();
      learner.update(guesses.round(before, 20));
      // a lamp is lit one time in three, a deviation of 0.47
      assertThat(learner.parameters()).hasSize(agent.network().parameterCount());
      assertThat(learner.parameters()[0] / before[0]).isBetween(1.8f, 2.5f);
    }
  }

  @Test
  void restoredIntoAFreshLearnerItHasTheSameFutureBitForBit() throws IOException {
    TrajectoryAgent agent = TestingGuesses.bind(a2c, TestingGuesses.NAMED, NORMALIZED);
    try (Learner<List<Rollout>> uninterrupted = agent.learner(new Nd4jNetworks(), 1);
        Learner<List<Rollout>> fresh = agent.learner(new Nd4jNetworks(), 99)) {
      List<List<Rollout>> rounds = rounds(agent, uninterrupted.parameters());
      TestingGuesses.future(uninterrupted, rounds);
      TestingGuesses.restore(fresh, TestingGuesses.save(uninterrupted));
      assertThat(fresh.parameters()).isEqualTo(uninterrupted.parameters());
      assertThat(TestingGuesses.future(fresh, rounds))
          .usingRecursiveComparison()
          .isEqualTo(TestingGuesses.future(uninterrupted, rounds));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void whatIsNotFiniteChangesNothing(float poison) throws IOException {
    TrajectoryAgent agent = TestingGuesses.bind(a2c, TestingGuesses.NAMED, NORMALIZED);
    try (Learner<List<Rollout>> learner = agent.learner(new Nd4jNetworks(), 1)) {
      List<List<Rollout>> rounds = rounds(agent, learner.parameters());
      learner.update(rounds.get(0));
      byte[] before = TestingGuesses.save(learner);

      rounds.get(1).get(0).trajectories().get(0).rewards()[2] = poison;
      Update update = learner.update(rounds.get(1));
      assertThat(update.applied()).isFalse();
      assertThat(TestingGuesses.save(learner)).isEqualTo(before);

      rounds.get(2).get(1).trajectories().get(0).observations()[2] = poison;
      assertThat(learner.update(rounds.get(2)).applied()).isFalse();
      assertThat(TestingGuesses.save(learner)).isEqualTo(before);

      Learner<List<Rollout>> other = agent.learner(new Nd4jNetworks(), 2);
      TestingGuesses.restore(other, before);
      assertThat(TestingGuesses.future(learner, rounds.subList(0, 1)))
          .usingRecursiveComparison()
          .isEqualTo(TestingGuesses.future(other, rounds.subList(0, 1)));
      other.close();
    }
  }

  @Test
  void aRoundWithoutAStepIsDropped() throws IOException {
    TrajectoryAgent agent = TestingGuesses.bind(a2c, TestingGuesses.NAMED, Map.of());
    try (Learner<List<Rollout>> learner = agent.learner(new Nd4jNetworks(), 1)) {
      byte[] before = TestingGuesses.save(learner);
      Rollout empty =
          new TestingGuesses(TestingGuesses.NAMED, agent, 1).rollout(0, learner.parameters(), 0);
      assertThat(learner.update(List.of(empty)).applied()).isFalse();
      assertThat(TestingGuesses.save(learner)).isEqualTo(before);
    }
  }

  @Test
  void refusesToContinueOtherNetworks() throws IOException {
    TrajectoryAgent agent = TestingGuesses.bind(a2c, TestingGuesses.NAMED, Map.of());
    TrajectoryAgent wider =
        TestingGuesses.bind(
            a2c, TestingGuesses.NAMED, Map.of("network.hidden", (Serializable) List.of(17L)));
    try (Learner<List<Rollout>> learner = agent.learner(new Nd4jNetworks(), 1);
        Learner<List<Rollout>> other = wider.learner(new Nd4jNetworks(), 1)) {
      byte[] saved = TestingGuesses.save(learner);
      assertThatThrownBy(() -> TestingGuesses.restore(other, saved))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "learner was saved with networks 3-16t-3 and 3-16t-1, the configuration says 3-17t-3 and 3-17t-1: parameters cannot be continued in other networks; resume with those of before");
    }
  }

  @Test
  void refusesAVersionItDoesNotKnow() throws IOException {
    TrajectoryAgent agent = TestingGuesses.bind(a2c, TestingGuesses.NAMED, Map.of());
    try (Learner<List<Rollout>> learner = agent.learner(new Nd4jNetworks(), 1)) {
      byte[] saved = TestingGuesses.save(learner);
      saved[3] = 9;
      assertThatThrownBy(() -> TestingGuesses.restore(learner, saved))
          .hasMessage(
              "a2c learner version=9: this build reads version 1; use the build that wrote it");
    }
  }

  private static List<List<Rollout>> rounds(TrajectoryAgent agent, float[] parameters) {
    TestingGuesses guesses = new TestingGuesses(TestingGuesses.NAMED, agent, 3);
    List<List<Rollout>> rounds = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      rounds.add(guesses.round(parameters, 3));
    }
    return rounds;
  }
}
