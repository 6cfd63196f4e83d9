package dev.millrace.env.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.env.Space;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.math.SeededRandom;
import org.junit.jupiter.api.Test;

class PendulumTest {
  private final Pendulum pendulum = new Pendulum();

  @Test
  void specifiesGymnasiumsSpacesAndTimeLimit() {
    assertThat(pendulum.spec().actions()).isEqualTo(Space.Box.symmetric(1, 2));
    assertThat(pendulum.spec().observations())
        .isEqualTo(new Space.Box(new float[] {-1, -1, -8}, new float[] {1, 1, 8}));
    assertThat(pendulum.spec().maxEpisodeSteps()).isEqualTo(200);
  }

  @Test
  void resetsWithinGymnasiumsRange() {
    double[] least = {9, 9};
    double[] most = {-9, -9};
    for (int seed = 0; seed < 2000; seed++) {
      pendulum.reset(new SeededRandom(seed));
      double[] state = pendulum.state();
      for (int i = 0; i < 2; i++) {
        least[i] = Math.min(least[i], state[i]);
        most[i] = Math.max(most[i], state[i]);
      }
    }
    assertThat(least[0]).isBetween(-Math.PI, -3.13);
    assertThat(most[0]).isBetween(3.13, Math.PI);
    assertThat(least[1]).isBetween(-1.0, -0.995);
    assertThat(most[1]).isBetween(0.995, 1.0);
  }

  @Test
  void theRewardIsOfTheStateBeforeTheStepAndTheClippedTorque() {
    pendulum.reset(new SeededRandom(1));
    pendulum.state(0.5, 3);
    assertThat(pendulum.step(new float[] {5}).reward()).isEqualTo(-1.154f);
  }

  @Test
  void standingStillUprightCostsNothing() {
    pendulum.reset(new SeededRandom(1));
    pendulum.state(0, 0);
    TimeStep step = pendulum.step(new float[] {0});
    assertThat(step.reward()).isZero();
    assertThat(step.observation()).containsExactly(1, 0, 0);
  }

  @Test
  void wholeTurnsCostNothing() {
    for (int turns = -3; turns <= 3; turns++) {
      pendulum.reset(new SeededRandom(1));
      pendulum.state(2 * Math.PI * turns - 0.25, 0);
      assertThat(pendulum.step(new float[] {0}).reward()).isCloseTo(-0.0625f, within(1e-6f));
    }
  }

  @Test
  void theTimeLimitTruncatesAndKeepsTheDiscount() {
    TimeStep step = pendulum.reset(new SeededRandom(1));
    for (int i = 0; i < 200; i++) {
      assertThat(step.last()).isFalse();
      step = pendulum.step(new float[] {1});
      assertThat(step.discount()).isEqualTo(1f);
    }
    assertThat(step.last()).isTrue();
    assertThat(step.reward()).isNegative();
  }

  @Test
  void drawsTheRodLeaningLeftForAPositiveAngle() {
    pendulum.reset(new SeededRandom(1));
    pendulum.state(0.7 + 4 * Math.PI, -1.5);
    assertThat(pendulum.render())
        .isEqualTo(
            """

                        o
                         \\
                          \\\\
                            \\\\
                              \\\\
                                #






            step   0   angle  +40.1 deg   -1.50 rad/s
            """);
  }
}
