package dev.millrace.learner.actorcritic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.policy.ParameterVersion;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EstimatesTest {

  /** Worked by hand: two steps that are cut, of value 10 after them, and one that terminates. */
  @Test
  void bootstrapsWhereATrajectoryWasCutAndNotWhereItTerminated() {
    Actor actor = Actor.of(TestingGuesses.NAMED, TestingGuesses.settings(Map.of()));
    Rollout rollout =
        Rollout.of(0, 1, ParameterVersion.NONE, List.of(trajectory(0.5f, 1, 2), trajectory(0, 7)));
    Steps steps = Steps.of(List.of(rollout), actor, Normalization.NONE);

    Estimates estimates = Estimates.of(steps, new float[] {3, 4, 5, 10, 20}, 0.25);

    // the second: 2 + 0.5 × 10; the first: 1 + 0.5 × (0.75 × 4 + 0.25 × 7); the third: 7
    assertThat(estimates.targets()).containsExactly(new float[] {3.375f, 7, 7}, within(1e-6f));
    assertThat(estimates.advantages()).containsExactly(new float[] {0.375f, 3, 2}, within(1e-6f));
    assertThat(estimates.meanValue()).isEqualTo(4);
  }

  private static Trajectory trajectory(float discount, float... rewards) {
    int steps = rewards.length;
    float[] discounts = new float[steps];
    Arrays.fill(discounts, discount);
    return new Trajectory(
        0,
        0,
        new float[steps * TestingGuesses.LAMPS],
        new float[steps],
        new float[steps * 2],
        rewards,
        discounts,
        new float[TestingGuesses.LAMPS],
        discount == 0);
  }
}
