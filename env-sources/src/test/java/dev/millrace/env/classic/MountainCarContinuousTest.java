package dev.millrace.env.classic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.env.Space;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.math.SeededRandom;
import org.junit.jupiter.api.Test;

class MountainCarContinuousTest {
  private final MountainCarContinuous car = new MountainCarContinuous();

  @Test
  void specifiesGymnasiumsSpacesAndTimeLimit() {
    assertThat(car.spec().actions()).isEqualTo(Space.Box.symmetric(1, 1));
    assertThat(car.spec().observations())
        .isEqualTo(new Space.Box(new float[] {-1.2f, -0.07f}, new float[] {0.6f, 0.07f}));
    assertThat(car.spec().maxEpisodeSteps()).isEqualTo(999);
  }

  @Test
  void resetsAtRestWithinGymnasiumsRange() {
    double least = 1;
    double most = -1;
    for (int seed = 0; seed < 1000; seed++) {
      car.reset(new SeededRandom(seed));
      double[] state = car.state();
      least = Math.min(least, state[0]);
      most = Math.max(most, state[0]);
      assertThat(state[1]).isZero();
    }
    assertThat(least).isBetween((double) -0.6f, -0.599);
    assertThat(most).isBetween(-0.401, (double) -0.4f);
  }

  @Test
  void rollingOverTheSummitTerminatesAndPaysAHundredLessTheForce() {
    TimeStep last = pushFrom(0.44, 0.05, 0.5f);
    assertThat(last.last()).isTrue();
    assertThat(last.reward()).isEqualTo(99.975f);
    assertThat(last.discount()).isZero();
  }

  @Test
  void rollingBackBeyondTheSummitIsNoGoal() {
    TimeStep step = pushFrom(0.55, -0.03, 0.5f);
    assertThat(car.state()[0]).isGreaterThan(0.45);
    assertThat(step.kind()).isEqualTo(TimeStep.Kind.MID);
    assertThat(step.reward()).isEqualTo(-0.025f);
  }

  @Test
  void theForceAskedForIsPaidAlsoWhereItIsClipped() {
    assertThat(pushFrom(-0.5, 0, 3).reward()).isEqualTo(-0.9f);
    double[] pushedTooHard = car.state();
    assertThat(pushFrom(-0.5, 0, 1).reward()).isEqualTo(-0.1f);
    assertThat(pushedTooHard).isEqualTo(car.state());
  }

  @Test
  void theLeftWallStopsTheCar() {
    pushFrom(-1.19, -0.05, -1);
    assertThat(car.state()).containsExactly(-1.2f, 0);
  }

  @Test
  void theTimeLimitTruncatesAndKeepsTheDiscount() {
    TimeStep step = coast(999);
    assertThat(step.last()).isTrue();
    assertThat(step.discount()).isEqualTo(1f);
    assertThat(step.reward()).isZero();
  }

  @Test
  void reachingTheGoalOnTheTimeLimitIsTermination() {
    coast(998);
    car.state(0.44, 0.05);
    TimeStep last = car.step(new float[] {0});
    assertThat(last.discount()).isZero();
    assertThat(last.reward()).isEqualTo(100f);
  }

  private TimeStep pushFrom(double position, double velocity, float force) {
    car.reset(new SeededRandom(1));
    car.state(position, velocity);
    return car.step(new float[] {force});
  }

  private TimeStep coast(int steps) {
    TimeStep step = car.reset(new SeededRandom(1));
    for (int i = 0; i < steps; i++) {
      assertThat(step.last()).isFalse();
      step = car.step(new float[] {0});
    }
    return step;
  }

  @Test
  void drawsTheCarAndTheGoal() {
    car.reset(new SeededRandom(1));
    car.state(0.2, -0.04);
    assertThat(car.render())
        .isEqualTo(
            """
                                                                   P
                                                                .........
                                                           @....
            .                                            ...
             ...                                      ...
                ...                                ...
                   ...                          ...
                      ...                    ...
                         ....            ....
                             ............
            step   0   position +0.20   velocity -0.040
            """);
  }
}
