package dev.millrace.env.classic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.math.SeededRandom;
import org.junit.jupiter.api.Test;

class MountainCarTest {
  private final MountainCar car = new MountainCar();

  @Test
  void rollingOverTheSummitTerminatesAndPaysMinusOne() {
    car.reset(new SeededRandom(1));
    car.state(0.49, 0.05);
    TimeStep last = car.step(new float[] {2});
    assertThat(last.last()).isTrue();
    assertThat(last.reward()).isEqualTo(-1f);
    assertThat(last.discount()).isZero();
  }

  @Test
  void theLeftWallStopsTheCar() {
    car.reset(new SeededRandom(1));
    car.state(-1.19, -0.05);
    car.step(new float[] {0});
    assertThat(car.state()).containsExactly(-1.2, 0);
  }

  @Test
  void theTimeLimitTruncates() {
    TimeStep step = car.reset(new SeededRandom(1));
    for (int i = 0; i < 200; i++) {
      assertThat(step.last()).isFalse();
      step = car.step(new float[] {1});
    }
    assertThat(step.last()).isTrue();
    assertThat(step.discount()).isEqualTo(1f);
  }

  @Test
  void drawsTheCarInItsValley() {
    car.reset(new SeededRandom(1));
    car.state(-0.9, 0.012);
    assertThat(car.render())
        .isEqualTo(
            """
                                                                     P
                                                                .........
                                                            ....
            .                                            ...
             ...                                      ...
                ...                                ...
                   ...@                         ...
                      ...                    ...
                         ....            ....
                             ............
            step   0   position -0.90   velocity +0.012
            """);
  }
}
