package dev.millrace.env.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.Space;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.math.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The closed forms against value iteration on what the environments really answer. */
class KnownValuesTest {

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.9, 0.99, 1})
  void gridWorld(double discount) throws IOException {
    int side = GridWorld.SIDE;
    double[] values = iterate(new GridWorld(), side * side, discount);
    for (int cell = 0; cell < side * side - 1; cell++) {
      assertThat(GridWorld.optimalValue(discount, cell / side, cell % side))
          .isCloseTo(values[cell], within(1e-6));
    }
    assertThat(GridWorld.optimalValue(discount, side - 1, side - 1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.66, 0.67, 0.9, 0.99})
  void chain(double discount) throws IOException {
    double[] values = iterate(new Chain(), Chain.STATES, discount);
    for (int state = 0; state < Chain.STATES; state++) {
      assertThat(Chain.optimalValue(discount, state)).isCloseTo(values[state], within(1e-6));
    }
  }

  private static double[] iterate(Environment environment, int states, double discount)
      throws IOException {
    int actions = ((Space.Discrete) environment.spec().actions()).n();
    TimeStep[][] answers = new TimeStep[states][actions];
    for (int state = 0; state < states; state++) {
      for (int action = 0; action < actions; action++) {
        place(environment, state);
        answers[state][action] = environment.step(new float[] {action});
      }
    }
    double[] values = new double[states];
    for (int sweep = 0; sweep < 3000; sweep++) {
      for (int state = 0; state < states; state++) {
        double best = Double.NEGATIVE_INFINITY;
        for (TimeStep answer : answers[state]) {
          double following = values[stateOf(answer.observation())];
          best = Math.max(best, answer.reward() + discount * answer.discount() * following);
        }
        values[state] = best;
      }
    }
    return values;
  }

  private static int stateOf(float[] oneHot) {
    int state = 0;
    while (oneHot[state] != 1f) {
      state++;
    }
    return state;
  }

  private static void place(Environment environment, int state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    EpisodeClock clock = new EpisodeClock("", 100);
    clock.begin(null);
    clock.save(new DataOutputStream(bytes), state);
    environment.restore(
        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), new SeededRandom(1));
  }
}
