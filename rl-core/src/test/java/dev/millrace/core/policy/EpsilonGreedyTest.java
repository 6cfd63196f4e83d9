package dev.millrace.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.NetworkSpec;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class EpsilonGreedyTest {
  /** q(s) = s * [1, 0, 0, 0] + [1, 5, 3, 5]. */
  private static final NetworkSpec NETWORK =
      new NetworkSpec(1, List.of(), NetworkSpec.Head.LINEAR, 4);

  private static final float[] PARAMETERS = {1, 0, 0, 0, 1, 5, 3, 5};
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec("test", Space.Box.symmetric(1, 100), new Space.Discrete(4), 10);

  @Test
  void greedyTakesTheBestAndAnnotatesIt() {
    EpsilonGreedy policy = policy(1, 1);
    ActingBatch batch = batch(3);
    batch.greedy = true;
    batch.observations[1] = 6;
    policy.act(batch);
    assertThat(batch.actions).containsExactly(1, 0, 1);
    assertThat(batch.annotations).containsExactly(5, 5, 7, 7, 5, 5);
  }

  @Test
  void everyEnvironmentHasItsOwnEpsilon() {
    EpsilonGreedy policy = policy(0, 0.4, 1);
    double[] notBest = new double[3];
    double[] second = new double[3];
    int draws = 20_000;
    ActingBatch batch = batch(3);
    for (int i = 0; i < draws; i++) {
      policy.act(batch);
      for (int row = 0; row < 3; row++) {
        int action = (int) batch.actions[row];
        assertThat(batch.annotations[2 * row]).isEqualTo(PARAMETERS[4 + action]);
        assertThat(batch.annotations[2 * row + 1]).isEqualTo(5);
        notBest[row] += action != 1 ? 1.0 / draws : 0;
        second[row] += action == 2 ? 1.0 / draws : 0;
      }
    }
    assertThat(notBest[0]).isZero();
    assertThat(notBest[1]).isCloseTo(0.3, Offset.offset(0.02));
    assertThat(second[1]).isCloseTo(0.1, Offset.offset(0.01));
    assertThat(notBest[2]).isCloseTo(0.75, Offset.offset(0.02));
  }

  @Test
  void earlyInTheExperimentEveryoneExplores() {
    EpsilonGreedy policy =
        new EpsilonGreedy(NETWORK, new double[] {0.1, 0.6}, Schedule.linear(1, 0, 1000));
    assertThat(policy.epsilon(0, 0)).isEqualTo(1);
    assertThat(policy.epsilon(0, 600)).isEqualTo(0.4);
    assertThat(policy.epsilon(1, 600)).isEqualTo(0.6);
    assertThat(policy.epsilon(0, 1_000_000)).isEqualTo(0.1);
    policy.install(PARAMETERS);
    ActingBatch batch = batch(1);
    int random = 0;
    for (int i = 0; i < 2000; i++) {
      batch.environmentSteps = 0;
      policy.act(batch);
      random += batch.actions[0] != 1 ? 1 : 0;
    }
    assertThat(random).isBetween(1400, 1600);
  }

  @Test
  void theLadderIsThatOfApeX() {
    double[] ladder = EpsilonGreedy.ladder(0.4, 7, 3);
    assertThat(ladder[0]).isEqualTo(0.4);
    assertThat(ladder[1]).isCloseTo(0.016190861620062, Offset.offset(1e-12));
    assertThat(ladder[2]).isCloseTo(0.00065536, Offset.offset(1e-12));
    assertThat(EpsilonGreedy.ladder(0.4, 7, 1)).containsExactly(0.4);
    assertThat(EpsilonGreedy.ladder(0.1, 0, 2)).containsExactly(0.1, 0.1);
  }

  @Test
  void rowsDrawFromTheirOwnGenerators() {
    EpsilonGreedy policy = policy(1, 1, 1);
    ActingBatch three = batch(3);
    ActingBatch one = batch(1);
    one.environments[0] = 2;
    one.randoms[0] = new SeededRandom(102);
    for (int i = 0; i < 50; i++) {
      policy.act(three);
      policy.act(one);
      assertThat(one.actions[0]).isEqualTo(three.actions[2]);
    }
  }

  @Test
  void actsWithTheParametersInstalledLast() {
    EpsilonGreedy policy = policy(0, 0, 0);
    ActingBatch batch = batch(3);
    policy.act(batch);
    policy.install(new float[] {0, 0, 0, 0, 0, 0, 9, 0});
    policy.act(batch);
    assertThat(batch.actions).containsOnly(2);
    assertThat(batch.annotations).containsOnly(9);
  }

  @Test
  void refusesToActWithoutParametersOrWithBadEpsilons() {
    assertThatThrownBy(() -> new EpsilonGreedy(NETWORK, new double[1], step -> 0).act(batch(1)))
        .hasMessage("policy over network 1-4 has no parameters: install some before it acts");
    assertThatThrownBy(() -> new EpsilonGreedy(NETWORK, new double[] {0, 1.5}, step -> 0))
        .hasMessage("epsilon of environment 1=1.5: must be between 0 and 1");
    assertThatThrownBy(() -> policy(0).install(new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parameters=float[3]");
  }

  private static EpsilonGreedy policy(double... ladder) {
    EpsilonGreedy policy = new EpsilonGreedy(NETWORK, ladder, Schedule.constant(0));
    policy.install(PARAMETERS);
    return policy;
  }

  private static ActingBatch batch(int count) {
    ActingBatch batch = new ActingBatch(count, SPEC, policy(0));
    batch.count = count;
    for (int i = 0; i < count; i++) {
      batch.environments[i] = i;
      batch.randoms[i] = new SeededRandom(100 + i);
    }
    Arrays.fill(batch.actions, -1);
    return batch;
  }
}
