package dev.millrace.core.experience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.policy.ParameterVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrajectoryAccumulatorTest {
  private static final ParameterVersion VERSION = new ParameterVersion(7, 3);

  private final TrajectoryAccumulator accumulator = fresh();
  private final List<Trajectory> completed = new ArrayList<>();

  private static TrajectoryAccumulator fresh() {
    return new TrajectoryAccumulator(5, 0.5, 2, 1, 2);
  }

  /** Observation {@code k} is {@code [k, -k]}; what leads to it is action and reward {@code k}. */
  private static float[] observation(int k) {
    return new float[] {k, -k};
  }

  private void decide(TrajectoryAccumulator accumulator, int k) {
    accumulator.decided(
        VERSION,
        new float[] {99, 10 + k},
        1,
        new float[] {99, 99, 20 + k, 30 + k},
        2,
        completed::add);
  }

  private void step(TrajectoryAccumulator accumulator, int k) {
    decide(accumulator, k);
    accumulator.stepped(TimeStep.mid(observation(k), k), completed::add);
  }

  private void step(int k) {
    step(accumulator, k);
  }

  @Test
  void anEpisodesEndCompletesItsTrajectory() {
    accumulator.begin(40, observation(0));
    step(1);
    decide(accumulator, 2);
    assertThat(completed).isEmpty();
    accumulator.stepped(TimeStep.terminated(observation(2), 2), completed::add);
    assertThat(completed).hasSize(1);
    Trajectory trajectory = completed.get(0);
    assertThat(trajectory.environment()).isEqualTo(5);
    assertThat(trajectory.step()).isEqualTo(40);
    assertThat(trajectory.observations()).containsExactly(0, 0, 1, -1);
    assertThat(trajectory.actions()).containsExactly(11, 12);
    assertThat(trajectory.annotations()).containsExactly(21, 31, 22, 32);
    assertThat(trajectory.rewards()).containsExactly(1, 2);
    assertThat(trajectory.discounts()).containsExactly(0.5f, 0);
    assertThat(trajectory.nextObservation()).containsExactly(2, -2);
    assertThat(trajectory.ended()).isTrue();
  }

  @Test
  void aTruncatedEpisodeEndsWithItsDiscount() {
    accumulator.begin(0, observation(0));
    decide(accumulator, 1);
    accumulator.stepped(TimeStep.truncated(observation(1), 1), completed::add);
    assertThat(completed.get(0).discounts()).containsExactly(0.5f);
    assertThat(completed.get(0).ended()).isTrue();
  }

  @Test
  void theEndOfATicketCutsAndTheNextGoesOnWhereItWas() {
    accumulator.begin(7, observation(0));
    step(1);
    step(2);
    accumulator.cut(completed::add);
    step(3);
    accumulator.cut(completed::add);
    assertThat(completed).extracting(Trajectory::step).containsExactly(7L, 9L);
    assertThat(completed).extracting(Trajectory::ended).containsExactly(false, false);
    assertThat(completed.get(0).nextObservation()).containsExactly(2, -2);
    assertThat(completed.get(1).observations()).containsExactly(2, -2);
    assertThat(completed.get(1).discounts()).containsExactly(0.5f);
  }

  @Test
  void aCutOfNothingCompletesNothing() {
    accumulator.cut(completed::add);
    accumulator.begin(0, observation(0));
    accumulator.cut(completed::add);
    decide(accumulator, 1);
    accumulator.stepped(TimeStep.terminated(observation(1), 1), completed::add);
    accumulator.cut(completed::add);
    assertThat(completed).as("the episode alone").hasSize(1);
  }

  @Test
  void whatIsAbandonedIsCountedAndForgotten() {
    accumulator.begin(0, observation(0));
    step(1);
    step(2);
    decide(accumulator, 3);
    assertThat(accumulator.abandon()).as("the unanswered decision too").isEqualTo(3);
    assertThat(accumulator.abandon()).isZero();
    accumulator.begin(10, observation(4));
    step(5);
    accumulator.cut(completed::add);
    assertThat(completed).hasSize(1);
    assertThat(completed.get(0).step()).isEqualTo(10);
    assertThat(completed.get(0).observations()).containsExactly(4, -4);
  }

  @Test
  void longTrajectoriesAreKeptWhole() {
    accumulator.begin(0, observation(0));
    for (int k = 1; k <= 100; k++) {
      step(k);
    }
    accumulator.cut(completed::add);
    Trajectory trajectory = completed.get(0);
    assertThat(trajectory.steps()).isEqualTo(100);
    for (int t = 0; t < 100; t++) {
      assertThat(trajectory.observations()[2 * t + 1]).isEqualTo(-t);
      assertThat(trajectory.actions()[t]).isEqualTo(11 + t);
      assertThat(trajectory.annotations()[2 * t]).isEqualTo(21 + t);
      assertThat(trajectory.annotations()[2 * t + 1]).isEqualTo(31 + t);
      assertThat(trajectory.rewards()[t]).isEqualTo(1 + t);
      assertThat(trajectory.discounts()[t]).isEqualTo(0.5f);
    }
  }

  @Test
  void aTrajectoryIsItsOwn() {
    accumulator.begin(0, observation(0));
    step(1);
    accumulator.cut(completed::add);
    step(2);
    accumulator.cut(completed::add);
    assertThat(completed.get(0).rewards()).containsExactly(1);
    assertThat(completed.get(0).actions()).containsExactly(11);
  }

  @Test
  void aFreshOneContinuesTheEpisodeThatWasSaved() throws IOException {
    accumulator.begin(3, observation(0));
    step(1);
    accumulator.cut(completed::add);
    TrajectoryAccumulator restored = fresh();
    restored.restore(saved(accumulator));
    completed.clear();
    for (TrajectoryAccumulator each : List.of(accumulator, restored)) {
      step(each, 2);
      each.cut(completed::add);
    }
    assertThat(completed.get(1)).usingRecursiveComparison().isEqualTo(completed.get(0));
    assertThat(completed.get(1).step()).isEqualTo(4);
  }

  @Test
  void betweenEpisodesThereIsNothingToContinue() throws IOException {
    TrajectoryAccumulator restored = fresh();
    restored.begin(1, observation(8));
    restored.restore(saved(accumulator));
    restored.begin(9, observation(0));
    step(restored, 1);
    restored.cut(completed::add);
    assertThat(completed.get(0).step()).isEqualTo(9);
  }

  @Test
  void isSavedOnlyBetweenTickets() {
    accumulator.begin(0, observation(0));
    step(1);
    assertThatThrownBy(() -> saved(accumulator))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "accumulator of environment 5: is saved in the middle of a ticket; the steps under way would be lost, cut them first");
  }

  @Test
  void whatIsOutOfTurnIsRefused() {
    assertThatThrownBy(() -> decide(accumulator, 1))
        .hasMessage(
            "accumulator of environment 5: an action is decided upon before the environment answered the last; a broken episode ends with abandon()");
    accumulator.begin(0, observation(0));
    assertThatThrownBy(() -> accumulator.begin(1, observation(0)))
        .hasMessage(
            "accumulator of environment 5: an episode begins while one is under way; a broken episode ends with abandon()");
    assertThatThrownBy(() -> accumulator.stepped(TimeStep.mid(observation(1), 1), completed::add))
        .hasMessage(
            "accumulator of environment 5: a step answers an action that was not decided upon; its trajectory would have a gap");
    decide(accumulator, 1);
    assertThatThrownBy(() -> decide(accumulator, 2)).hasMessageContaining("before");
  }

  @Test
  void observationsHaveTheSizeOfTheSpecification() {
    assertThatThrownBy(() -> accumulator.begin(0, new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "observation=float[3] of environment 5: must be float[2], as its specification says");
  }

  @Test
  void stateOfAnotherVersionIsRefused() {
    assertThatThrownBy(
            () ->
                accumulator.restore(
                    new DataInputStream(new ByteArrayInputStream(new byte[] {0, 0, 0, 4}))))
        .hasMessage(
            "trajectory accumulator version=4: this build reads version 1; use the build that wrote it");
  }

  private static DataInputStream saved(TrajectoryAccumulator accumulator) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    accumulator.save(new DataOutputStream(bytes));
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }
}
