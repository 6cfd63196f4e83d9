package dev.millrace.env.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.core.env.Environment;
import dev.millrace.core.env.TimeStep;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Trajectories recorded from Gymnasium; their provenance stands in each file's {@code source}. */
class GymnasiumTest {
  /** Gymnasium's sine and Java's may differ in the last bit, which a trajectory amplifies. */
  private static final double PER_STEP = 1e-14;

  private static final double PER_TRAJECTORY = 1e-11;

  @Test
  void cartPoleFollowsGymnasium() throws IOException {
    CartPole cartPole = new CartPole();
    follow(cartPole, cartPole::state, cartPole::state, 33);
  }

  @Test
  void acrobotFollowsGymnasium() throws IOException {
    Acrobot acrobot = new Acrobot();
    follow(acrobot, acrobot::state, acrobot::state, 120);
  }

  @Test
  void mountainCarFollowsGymnasium() throws IOException {
    MountainCar car = new MountainCar();
    follow(car, car::state, car::state, 150);
  }

  @Test
  void pendulumFollowsGymnasium() throws IOException {
    Pendulum pendulum = new Pendulum();
    follow(pendulum, pendulum::state, pendulum::state, 100, 150, 60);
  }

  @Test
  void mountainCarContinuousEqualsGymnasium() throws IOException {
    MountainCarContinuous car = new MountainCarContinuous();
    for (JsonNode trajectory : trajectories(car.spec().name(), 107, 60, 16, 60, 20, 1, 10)) {
      replay(car, trajectory, car::state, car::state, false, 0);
    }
  }

  private static void follow(
      Environment environment, Supplier<double[]> read, Consumer<double[]> write, Integer... steps)
      throws IOException {
    for (JsonNode trajectory : trajectories(environment.spec().name(), steps)) {
      replay(environment, trajectory, read, write, true, PER_STEP);
      replay(environment, trajectory, read, write, false, PER_TRAJECTORY);
    }
  }

  private static void replay(
      Environment environment,
      JsonNode trajectory,
      Supplier<double[]> read,
      Consumer<double[]> write,
      boolean placeBeforeEachStep,
      double tolerance) {
    environment.reset(new SplittableRandom(1));
    double[] state = doubles(trajectory.get("init_state"));
    write.accept(state);
    for (JsonNode expected : trajectory.get("steps")) {
      if (placeBeforeEachStep) {
        write.accept(state);
      }
      TimeStep answer = environment.step(new float[] {(float) expected.get("a").asDouble()});
      state = doubles(expected.get("state"));
      assertThat(read.get()).containsExactly(state, within(tolerance));
      double[] observation = doubles(expected.get("obs"));
      assertThat(answer.observation()).hasSize(observation.length);
      for (int i = 0; i < observation.length; i++) {
        assertThat((double) answer.observation()[i]).isCloseTo(observation[i], within(3e-7));
      }
      assertThat(answer.reward()).isEqualTo((float) expected.get("r").asDouble());
      assertThat(answer.discount() == 0).isEqualTo(expected.get("terminated").asBoolean());
    }
  }

  private static List<JsonNode> trajectories(String name, Integer... steps) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    for (String file : List.of("gymnasium_classic_control", "gymnasium_continuous_actions")) {
      try (InputStream in = GymnasiumTest.class.getResourceAsStream("/golden/" + file + ".json")) {
        for (JsonNode trajectory : new ObjectMapper().readTree(in).get("trajectories")) {
          if (trajectory.get("env").asText().equals(name)) {
            found.add(trajectory);
          }
        }
      }
    }
    assertThat(found)
        .extracting(trajectory -> trajectory.get("steps").size())
        .containsExactly(steps);
    return found;
  }

  private static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asDouble();
    }
    return values;
  }
}
