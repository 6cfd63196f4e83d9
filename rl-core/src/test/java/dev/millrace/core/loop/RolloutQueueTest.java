package dev.millrace.core.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.policy.ParameterVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutQueueTest {
  private static final ReplaySpec.Fifo LOCK_STEP = ReplaySpec.Fifo.lockStep(0.99);

  private static Rollout rollout(int group, long number, long step, int transitions) {
    Trajectory trajectory =
        new Trajectory(
            group,
            0,
            new float[transitions],
            new float[transitions],
            new float[transitions],
            new float[transitions],
            new float[transitions],
            new float[1],
            false);
    return Rollout.of(group, number, new ParameterVersion(3, step), List.of(trajectory));
  }

  private static List<String> names(List<Rollout> rollouts) {
    return rollouts == null
        ? null
        : rollouts.stream().map(rollout -> rollout.group() + ":" + rollout.number()).toList();
  }

  @Test
  void inLockStepABatchIsOneOfEachGroupInOrderOfGroupsHoweverTheyArrive() {
    int[][] orders = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
    for (int[] order : orders) {
      RolloutQueue queue = new RolloutQueue(LOCK_STEP, 3);
      for (int group : order) {
        assertThat(queue.next(0)).as("not complete").isNull();
        queue.add(rollout(group, 1, 0, 2 + group));
      }
      assertThat(names(queue.next(0))).containsExactly("0:1", "1:1", "2:1");
      assertThat(queue.next(0)).isNull();
    }
  }

  @Test
  void inLockStepTheRolloutsOfTheNextRoundWait() {
    RolloutQueue queue = new RolloutQueue(LOCK_STEP, 2);
    queue.add(rollout(0, 1, 0, 2));
    queue.add(rollout(1, 1, 0, 2));
    assertThat(queue.next(0)).hasSize(2);
    queue.add(rollout(1, 2, 1, 2));
    assertThat(queue.next(1)).isNull();
    queue.add(rollout(0, 2, 1, 2));
    assertThat(names(queue.next(1))).containsExactly("0:2", "1:2");
  }

  @Test
  void inLockStepOtherParametersThanTheLearnersAreAnError() {
    RolloutQueue queue = new RolloutQueue(LOCK_STEP, 1);
    queue.add(rollout(0, 1, 4, 2));
    for (long step : new long[] {3, 5}) {
      assertThatThrownBy(() -> queue.next(step))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "rollout 1 of group 0 was acted with parameters of step 4, the learner is at step "
                  + step
                  + ": must be the same in lock-step; the states of actors and learner are not of one checkpoint");
    }
    assertThat(queue.next(4)).hasSize(1);
  }

  @Test
  void otherwiseTheyAreTakenInOrderOfArrivalUntilTheyAreEnough() {
    RolloutQueue queue = new RolloutQueue(ReplaySpec.Fifo.decoupled(1, 10, 100), 3);
    queue.add(rollout(2, 1, 0, 4));
    queue.add(rollout(0, 1, 0, 4));
    assertThat(queue.next(0)).isNull();
    queue.add(rollout(2, 2, 0, 4));
    queue.add(rollout(1, 1, 0, 4));
    assertThat(names(queue.next(0))).containsExactly("2:1", "0:1", "2:2");
    assertThat(queue.next(0)).isNull();
    assertThat(names(queue.waiting())).containsExactly("1:1");
    assertThat(queue.inserted()).isEqualTo(16);
    assertThat(queue.progress(8))
        .isEqualTo(new Progress.Shard(0, 8, 16, 12, 4, 4, new ParameterVersion(3, 0)));
  }

  @Test
  void staleRolloutsAreRefusedWhereverTheyWaitAndCountAsConsumed() {
    RolloutQueue queue = new RolloutQueue(ReplaySpec.Fifo.decoupled(1, 5, 2), 3);
    queue.add(rollout(0, 1, 8, 2));
    queue.add(rollout(1, 1, 7, 3));
    queue.add(rollout(2, 1, 8, 4));
    assertThat(names(queue.next(10)))
        .as("the second is older than 2")
        .containsExactly("0:1", "2:1");
    assertThat(queue.refused()).isEqualTo(3);
    assertThat(queue.progress(1).sampled()).isEqualTo(9);
    assertThat(queue.progress(1).size()).isZero();
  }

  @Test
  void lagIsCountedInUpdatesAndNeverNegative() {
    assertThat(RolloutQueue.lag(rollout(0, 1, 7, 1), 10)).isEqualTo(3);
    assertThat(RolloutQueue.lag(rollout(0, 1, 12, 1), 10)).isZero();
  }

  @Test
  void theNewestVersionIsTold() {
    RolloutQueue queue = new RolloutQueue(ReplaySpec.Fifo.decoupled(1, 5, 2), 2);
    queue.add(rollout(0, 1, 8, 2));
    queue.add(rollout(1, 1, 7, 3));
    assertThat(queue.progress(1).newest()).isEqualTo(new ParameterVersion(3, 8));
  }

  @Test
  void aGapOrARepetitionIsRefused() {
    RolloutQueue queue = new RolloutQueue(LOCK_STEP, 2);
    queue.add(rollout(1, 1, 0, 2));
    assertThatThrownBy(() -> queue.add(rollout(1, 3, 0, 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "rollout 3 of group 1 came after its rollout 1: they come in order and without gaps; the states of actors and learner are not of one checkpoint");
    assertThatThrownBy(() -> queue.add(rollout(1, 1, 0, 2)))
        .hasMessageStartingWith("rollout 1 of group 1 came after its rollout 1");
    assertThat(queue.inserted()).isEqualTo(2);
  }

  @Test
  void aFreshQueueContinuesInLockStep() throws IOException {
    RolloutQueue queue = new RolloutQueue(LOCK_STEP, 2);
    queue.add(rollout(0, 1, 0, 2));
    queue.add(rollout(1, 1, 0, 3));
    queue.next(0);
    queue.add(rollout(1, 2, 1, 4));
    RolloutQueue fresh = restored(queue, LOCK_STEP, 2);
    assertThat(fresh.progress(1)).isEqualTo(queue.progress(1));
    assertThatThrownBy(() -> fresh.add(rollout(1, 2, 1, 4))).hasMessageContaining("its rollout 2");
    fresh.add(rollout(0, 2, 1, 5));
    assertThat(names(fresh.next(1))).containsExactly("0:2", "1:2");
    assertThat(fresh.progress(1).sampled()).isEqualTo(14);
  }

  @Test
  void aFreshQueueContinuesFirstInFirstOut() throws IOException {
    ReplaySpec.Fifo spec = ReplaySpec.Fifo.decoupled(1, 6, 2);
    RolloutQueue queue = new RolloutQueue(spec, 2);
    queue.add(rollout(1, 1, 0, 1));
    queue.next(9);
    queue.add(rollout(1, 2, 9, 2));
    queue.add(rollout(0, 1, 9, 3));
    RolloutQueue fresh = restored(queue, spec, 2);
    assertThat(fresh.refused()).isEqualTo(1);
    fresh.add(rollout(1, 3, 9, 1));
    assertThat(names(fresh.next(9))).containsExactly("1:2", "0:1", "1:3");
  }

  @Test
  void stateOfOtherGroupsOrVersionsIsRefused() throws IOException {
    RolloutQueue queue = new RolloutQueue(LOCK_STEP, 2);
    assertThatThrownBy(() -> restored(queue, LOCK_STEP, 3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "rollout queue has groups=2, the configuration 3: the number of groups is fixed for a run");
    assertThatThrownBy(
            () ->
                queue.restore(
                    new DataInputStream(new ByteArrayInputStream(new byte[] {0, 0, 0, 6})),
                    List.of()))
        .hasMessage(
            "rollout queue version=6: this build reads version 1; use the build that wrote it");
  }

  private static RolloutQueue restored(RolloutQueue queue, ReplaySpec.Fifo spec, int groups)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    queue.save(new DataOutputStream(bytes));
    RolloutQueue fresh = new RolloutQueue(spec, groups);
    fresh.restore(
        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), queue.waiting());
    return fresh;
  }
}
