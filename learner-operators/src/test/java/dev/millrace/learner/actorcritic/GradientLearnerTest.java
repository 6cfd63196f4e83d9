package dev.millrace.learner.actorcritic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.agent.Update;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.learner.network.Nd4jNetworks;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientLearnerTest {
  private final TrajectoryAgent agent =
      TestingGuesses.bind(new Reinforce(), TestingGuesses.NAMED, Map.of());
  private Learner<List<Rollout>> learner;
  private TestingGuesses guesses;

  @BeforeEach
  void begin() {
    learner = learner(1);
    guesses = new TestingGuesses(TestingGuesses.NAMED, agent, 2);
  }

  private Learner<List<Rollout>> learner(long seed) {
    return agent.learner(new Nd4jNetworks(), seed);
  }

  @Test
  void weighsEachWorkersGradientByItsTransitions() {
    Rollout one = reduced(0, 1, 4, 1);
    Rollout three = reduced(1, 3, -8, 2);

    Update together = learner.update(List.of(one, three));

    float mean = -5;
    assertThat(together.gradientNorm())
        .isEqualTo(Math.sqrt(learner.parameters().length) * Math.abs(mean));
    assertThat(together.loss()).isEqualTo(1.75);
    assertThat(together.meanValue()).isEqualTo(17.5);
    assertThat(together.measures()).containsExactly(175.0, 1750.0, 17500.0);
    Learner<List<Rollout>> another = learner(1);
    another.update(List.of(reduced(0, 4, mean, 1)));
    assertThat(learner.parameters()).isEqualTo(another.parameters());
  }

  @Test
  void stepsAgainstTheGradient() {
    float[] before = learner.parameters();
    learner.update(List.of(reduced(0, 4, 1, 1)));
    float[] after = learner.parameters();
    for (int i = 0; i < after.length; i++) {
      assertThat(after[i]).isLessThan(before[i]);
    }
  }

  @Test
  void leavesOutWorkersThatSawNothing() {
    Rollout nothing = Rollout.of(1, 1, ParameterVersion.NONE, List.of());
    learner.update(List.of(reduced(0, 4, 2, 1), nothing));
    Learner<List<Rollout>> another = learner(1);
    another.update(List.of(reduced(0, 4, 2, 1)));
    assertThat(learner.parameters()).isEqualTo(another.parameters());
  }

  @Test
  void aRoundWithoutAStepIsDropped() throws IOException {
    byte[] before = TestingGuesses.save(learner);
    Rollout nothing = Rollout.of(0, 1, ParameterVersion.NONE, List.of());
    assertThat(learner.update(List.of(nothing)).applied()).isFalse();
    assertThat(TestingGuesses.save(learner)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void aGradientThatIsNotFiniteChangesNothing(float poison) throws IOException {
    learner.update(guesses.round(learner.parameters(), 2));
    byte[] before = TestingGuesses.save(learner);
    List<Rollout> round = guesses.round(learner.parameters(), 2);
    round.get(1).gradient()[7] = poison;
    assertThat(learner.update(round).applied()).isFalse();
    assertThat(TestingGuesses.save(learner)).isEqualTo(before);

    round.get(1).gradient()[7] = 0;
    round.get(0).measures()[0] = poison;
    Update update = learner.update(round);
    assertThat(update.applied()).isFalse();
    assertThat(update.loss()).isNotFinite();
    assertThat(TestingGuesses.save(learner)).isEqualTo(before);

    round.get(0).measures()[0] = 1;
    assertThat(learner.update(round).applied()).isTrue();
  }

  @Test
  void restoredIntoAFreshLearnerItHasTheSameFutureBitForBit() throws IOException {
    List<List<Rollout>> rounds =
        List.of(
            guesses.round(learner.parameters(), 3),
            guesses.round(learner.parameters(), 2),
            guesses.round(learner.parameters(), 4));
    TestingGuesses.future(learner, rounds);
    Learner<List<Rollout>> fresh = learner(99);
    TestingGuesses.restore(fresh, TestingGuesses.save(learner));
    assertThat(fresh.parameters()).isEqualTo(learner.parameters());
    assertThat(TestingGuesses.future(fresh, rounds))
        .usingRecursiveComparison()
        .isEqualTo(TestingGuesses.future(learner, rounds));
  }

  @Test
  void publishesCopiesOfBothNetworks() {
    float[] published = learner.parameters();
    float[] kept = published.clone();
    learner.update(List.of(reduced(0, 4, 1, 1)));
    assertThat(published).isEqualTo(kept).isNotEqualTo(learner.parameters());
    assertThat(published.length).isEqualTo(2 * (3 * 16 + 16) + 17 * 3 + 17);
  }

  @Test
  void refusesRolloutsThatNoWorkerSaw() {
    Rollout raw = guesses.rollout(1, learner.parameters(), 1);
    assertThatThrownBy(() -> learner.update(List.of(raw)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "rollout 1 of group 1 has gradient=null: algorithm reinforce needs its workers' float[196]; actors and learner are not of one configuration");
    Rollout other = raw.reducedTo(new float[3], 0, 0, 0, 0, 0);
    assertThatThrownBy(() -> learner.update(List.of(other)))
        .hasMessageStartingWith("rollout 1 of group 1 has gradient=float[3]: ");
  }

  @Test
  void refusesToContinueOtherNetworks() throws IOException {
    byte[] saved = TestingGuesses.save(learner);
    Learner<List<Rollout>> wider =
        TestingGuesses.bind(
                new Reinforce(),
                TestingGuesses.NAMED,
                Map.of("network.hidden", (Serializable) List.of(17L)))
            .learner(new Nd4jNetworks(), 1);
    assertThatThrownBy(() -> TestingGuesses.restore(wider, saved))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("learner was saved with networks 3-16t-3 and 3-16t-1, ");
  }

  @Test
  void refusesAVersionItDoesNotKnow() throws IOException {
    byte[] saved = TestingGuesses.save(learner);
    saved[3] = 7;
    assertThatThrownBy(() -> TestingGuesses.restore(learner, saved))
        .hasMessage(
            "reinforce learner version=7: this build reads version 1; use the build that wrote it");
  }

  /** A gradient of the same number everywhere, and measures {@code scale × 1, 10, 100, …}. */
  private Rollout reduced(int group, int transitions, float number, double scale) {
    float[] gradient = new float[learner.parameters().length];
    Arrays.fill(gradient, number);
    return new Rollout(
        group,
        1,
        ParameterVersion.NONE,
        transitions,
        List.of(),
        gradient,
        new double[] {scale, 10 * scale, 100 * scale, 1000 * scale, 10000 * scale});
  }
}
