package dev.millrace.core.experience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.policy.ParameterVersion;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrajectoryBatchTest {
  private static final ParameterVersion VERSION = new ParameterVersion(1, 2);

  /** {@code steps} steps, whose every number tells {@code first} plus where it stands. */
  private static Trajectory trajectory(int environment, int first, int steps, float discount) {
    float[] observations = new float[2 * steps];
    float[] actions = new float[steps];
    float[] annotations = new float[3 * steps];
    float[] rewards = new float[steps];
    float[] discounts = new float[steps];
    for (int t = 0; t < steps; t++) {
      observations[2 * t] = first + t;
      observations[2 * t + 1] = -(first + t);
      for (int i = 0; i < 3; i++) {
        annotations[3 * t + i] = 10 * (first + t) + i;
      }
      rewards[t] = first + t + 0.5f;
      discounts[t] = t == steps - 1 ? discount : 0.9f;
    }
    return new Trajectory(
        environment,
        0,
        observations,
        actions,
        annotations,
        rewards,
        discounts,
        new float[] {first + steps, -(first + steps)},
        discount != 0.9f);
  }

  /** Three trajectories in two rollouts: terminated, cut, truncated. */
  private static TrajectoryBatch batch() {
    Rollout first =
        Rollout.of(0, 1, VERSION, List.of(trajectory(3, 1, 2, 0), trajectory(4, 11, 1, 0.9f)));
    Rollout second = Rollout.of(1, 1, VERSION, List.of(trajectory(5, 21, 3, 0.8f)));
    return TrajectoryBatch.of(List.of(first, second), 2, 3);
  }

  @Test
  void columnsFollowEachOtherAndEndsComeAfterAllOfThem() {
    TrajectoryBatch batch = batch();
    assertThat(batch.size()).isEqualTo(6);
    assertThat(batch.rows()).isEqualTo(9);
    assertThat(batch.observations())
        .containsExactly(1, -1, 2, -2, 11, -11, 21, -21, 22, -22, 23, -23, 3, -3, 12, -12, 24, -24);
    assertThat(batch.annotations())
        .startsWith(10, 11, 12, 20, 21, 22, 110)
        .endsWith(230, 231, 232)
        .hasSize(18);
    assertThat(batch.rewards()).containsExactly(1.5f, 2.5f, 11.5f, 21.5f, 22.5f, 23.5f);
    assertThat(batch.discounts()).containsExactly(0.9f, 0, 0.9f, 0.9f, 0.9f, 0.8f);
    assertThat(batch.environments()).containsExactly(3, 3, 4, 5, 5, 5);
  }

  @Test
  void lastStepsOfTrajectoriesAndOfEpisodesAreToldApart() {
    assertThat(batch().last()).containsExactly(false, true, true, false, false, true);
    assertThat(batch().ended()).containsExactly(false, true, false, false, false, true);
  }

  @Test
  void theValueOfTheNextStateIsThatOfTheNextRowOrOfTheEnd() {
    float[] values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 99};
    assertThat(batch().nextValues(values)).containsExactly(1, 6, 7, 4, 5, 8);
  }

  @Test
  void aRolloutThatIsReducedToItsGradientHasNoRows() {
    Rollout reduced =
        Rollout.of(0, 1, VERSION, List.of(trajectory(0, 1, 4, 0))).reducedTo(new float[1]);
    assertThat(TrajectoryBatch.of(List.of(reduced), 2, 3).size()).isZero();
  }

  @Test
  void rowsOfOtherLengthsAreRefused() {
    Rollout rollout = Rollout.of(0, 1, VERSION, List.of(trajectory(6, 1, 4, 0)));
    assertThatThrownBy(() -> TrajectoryBatch.of(List.of(rollout), 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "trajectory of environment 6: 4 steps with annotations[12] and nextObservation[2]: must be annotated with 2 floats a step and observe 2, as the agent that learns from it does");
    assertThatThrownBy(() -> TrajectoryBatch.of(List.of(rollout), 3, 3))
        .hasMessageEndingWith(
            "must be annotated with 3 floats a step and observe 3, as the agent that learns from it does");
  }

  @Test
  void aTrajectoryHasARowForEachReward() {
    float[] one = new float[1];
    float[] two = new float[2];
    assertThatThrownBy(
            () -> new Trajectory(4, 0, two, one, one, new float[0], new float[0], two, true))
        .hasMessage(
            "trajectory of environment 4: observations[2], actions[1], annotations[1], rewards[0], discounts[0], nextObservation[2]: each must hold one row for each of at least 1 reward");
    assertThatThrownBy(() -> new Trajectory(4, 0, two, two, two, two, one, one, true))
        .hasMessageContaining("discounts[1]");
    assertThatThrownBy(() -> new Trajectory(4, 0, two, two, two, two, two, two, true))
        .hasMessageContaining("nextObservation[2]");
    float[] three = new float[3];
    assertThatThrownBy(() -> new Trajectory(4, 0, two, three, two, two, two, one, true))
        .hasMessageContaining("actions[3]");
    assertThatThrownBy(() -> new Trajectory(4, 0, two, two, three, two, two, one, true))
        .hasMessageContaining("annotations[3]");
    assertThat(new Trajectory(4, 0, two, two, two, two, two, one, true).steps()).isEqualTo(2);
  }

  @Test
  void aRolloutCountsItsTransitionsAndKeepsTheCountWithAGradient() {
    Rollout rollout =
        Rollout.of(2, 7, VERSION, List.of(trajectory(0, 1, 4, 0), trajectory(1, 1, 3, 0)));
    assertThat(rollout.transitions()).isEqualTo(7);
    assertThat(rollout.gradient()).isNull();
    Rollout reduced = rollout.reducedTo(new float[] {1, 2}, 0.5);
    assertThat(reduced.transitions()).isEqualTo(7);
    assertThat(reduced.trajectories()).isEmpty();
    assertThat(reduced.gradient()).containsExactly(1, 2);
    assertThat(reduced.measures()).containsExactly(0.5);
    assertThat(reduced.number()).isEqualTo(7);
    assertThat(reduced.version()).isEqualTo(VERSION);
  }

  @Test
  void aRolloutThatDoesNotAddUpIsRefused() {
    List<Trajectory> four = List.of(trajectory(0, 1, 4, 0));
    assertThatThrownBy(() -> new Rollout(1, 2, VERSION, 3, four, null, new double[0]))
        .hasMessage(
            "rollout 2 of group 1: transitions=3, trajectories of 4 steps, no gradient: must be numbered from 1 in a group from 0, and hold each transition in a trajectory unless a gradient stands for them all");
    assertThatThrownBy(() -> new Rollout(1, 2, VERSION, 4, four, new float[3], new double[0]))
        .hasMessageContaining("trajectories of 4 steps, gradient=float[3]");
    assertThatThrownBy(() -> Rollout.of(-1, 1, VERSION, four)).hasMessageContaining("group -1");
    assertThatThrownBy(() -> Rollout.of(0, 0, VERSION, four)).hasMessageContaining("rollout 0");
  }
}
