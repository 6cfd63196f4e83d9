package dev.millrace.env.classic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.math.SeededRandom;
import org.junit.jupiter.api.Test;

class AcrobotTest {
  private final Acrobot acrobot = new Acrobot();

  @Test
  void resetsWithinGymnasiumsRangeInFloat() {
    SeededRandom random = new SeededRandom(1);
    double least = 1;
    double most = -1;
    for (int i = 0; i < 1000; i++) {
      acrobot.reset(random);
      for (double value : acrobot.state()) {
        assertThat((double) (float) value).isEqualTo(value);
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    assertThat(least).isBetween((double) -0.1f, -0.0998);
    assertThat(most).isBetween(0.0998, (double) 0.1f);
  }

  @Test
  void reachingTheLinePaysNothingAndTerminates() {
    acrobot.reset(new SeededRandom(1));
    acrobot.state(Math.PI - 0.3, 0.1, 1, 0);
    TimeStep last = acrobot.step(new float[] {1});
    assertThat(last.last()).isTrue();
    assertThat(last.reward()).isZero();
    assertThat(last.discount()).isZero();
  }

  @Test
  void theTimeLimitTruncatesAndPays() {
    TimeStep step = acrobot.reset(new SeededRandom(1));
    for (int i = 0; i < 500; i++) {
      assertThat(step.last()).isFalse();
      step = acrobot.step(new float[] {1});
    }
    assertThat(step.last()).isTrue();
    assertThat(step.reward()).isEqualTo(-1f);
    assertThat(step.discount()).isEqualTo(1f);
  }

  @Test
  void anglesWrapAndVelocitiesAreBounded() {
    acrobot.reset(new SeededRandom(1));
    acrobot.state(3.1, -3.1, 100, -100);
    acrobot.step(new float[] {2});
    double[] state = acrobot.state();
    assertThat(state[0]).isBetween(-Math.PI, Math.PI);
    assertThat(state[1]).isBetween(-Math.PI, Math.PI);
    assertThat(Math.abs(state[2])).isLessThanOrEqualTo(4 * Math.PI);
    assertThat(Math.abs(state[3])).isLessThanOrEqualTo(9 * Math.PI);
  }

  @Test
  void drawsBothLinksAndTheLine() {
    acrobot.reset(new SeededRandom(1));
    acrobot.state(0.9, -1.8, 0, 0);
    assertThat(acrobot.render())
        .isEqualTo(
            """




            - - - - - - - - - - - - - - - - - - - - -



                                #\\
                                  \\\\
                                    \\\\o
                                    //
                                  //
                                */



            step   0   tip -1.24 m, line at +1.00 m
            """);
  }
}
