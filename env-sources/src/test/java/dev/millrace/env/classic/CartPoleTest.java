package dev.millrace.env.classic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.math.SeededRandom;
import org.junit.jupiter.api.Test;

class CartPoleTest {
  private final CartPole cartPole = new CartPole();

  @Test
  void resetsWithinGymnasiumsRange() {
    SeededRandom random = new SeededRandom(1);
    double least = 1;
    double most = -1;
    for (int i = 0; i < 1000; i++) {
      cartPole.reset(random);
      for (double value : cartPole.state()) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    assertThat(least).isBetween(-0.05, -0.0499);
    assertThat(most).isBetween(0.0499, 0.05);
  }

  @Test
  void theFailingStepPaysAndTerminates() {
    double[][] edges = {{2.39, 1, 0, 0}, {-2.39, -1, 0, 0}, {0, 0, 0.2094, 1}, {0, 0, -0.2094, -1}};
    for (double[] edge : edges) {
      cartPole.reset(new SeededRandom(1));
      cartPole.state(edge);
      TimeStep last = cartPole.step(new float[] {0});
      assertThat(last.last()).isTrue();
      assertThat(last.reward()).isEqualTo(1f);
      assertThat(last.discount()).isZero();
    }
  }

  @Test
  void theTimeLimitTruncatesAndKeepsTheDiscount() {
    TimeStep step = balance(500);
    assertThat(step.last()).isTrue();
    assertThat(step.discount()).isEqualTo(1f);
    assertThat(step.reward()).isEqualTo(1f);
  }

  @Test
  void theStepBeforeTheTimeLimitIsOrdinary() {
    assertThat(balance(499).kind()).isEqualTo(TimeStep.Kind.MID);
  }

  @Test
  void failingOnTheTimeLimitIsTermination() {
    balance(499);
    cartPole.state(2.39, 5, 0, 0);
    assertThat(cartPole.step(new float[] {0}).discount()).isZero();
  }

  private TimeStep balance(int steps) {
    TimeStep step = cartPole.reset(new SeededRandom(5));
    for (int i = 0; i < steps; i++) {
      assertThat(step.last()).isFalse();
      double[] s = cartPole.state();
      double lean = 0.05 * s[0] + 0.1 * s[1] + s[2] + 0.3 * s[3];
      step = cartPole.step(new float[] {lean > 0 ? 1 : 0});
    }
    return step;
  }

  @Test
  void drawsCartAndPole() {
    cartPole.reset(new SeededRandom(1));
    cartPole.state(0.5, 0, 0.19, 0);
    assertThat(cartPole.render())
        .isEqualTo(
            """
                                                    o
                                                   /
                                                   |
                                                  /
                                                  |
                                                  |
                                                 /
                                             [o--^--o]
            =|===========================================================|=
             step   0   position +0.50 m   angle +10.9 deg
            """);
  }
}
