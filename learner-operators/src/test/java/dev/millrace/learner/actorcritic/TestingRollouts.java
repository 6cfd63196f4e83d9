package dev.millrace.learner.actorcritic;

import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Small environments, settings for small networks, and rollouts that were never played. */
final class TestingRollouts {
  static final EnvironmentSpec DISCRETE =
      new EnvironmentSpec("discrete", Space.Box.symmetric(3, 100), new Space.Discrete(4), 100);
  static final EnvironmentSpec CONTINUOUS =
      new EnvironmentSpec(
          "continuous", Space.Box.symmetric(3, 100), Space.Box.symmetric(2, 1), 100);

  private final EnvironmentSpec environment;
  private final SeededRandom random;
  private long number;

  TestingRollouts(EnvironmentSpec environment, long seed) {
    this.environment = environment;
    random = new SeededRandom(seed);
  }

  /** Two hidden layers of five units; {@code more} are keys and values. */
  static Settings settings(Object... more) {
    Map<String, Serializable> values = new HashMap<>();
    values.put("network.hidden", new ArrayList<>(List.of(5L, 5L)));
    values.put("network.activation", "tanh");
    for (int i = 0; i < more.length; i += 2) {
      values.put((String) more[i], (Serializable) more[i + 1]);
    }
    return new Settings(values);
  }

  /** A rollout of trajectories that end in turn by a cut, by termination and by truncation. */
  Rollout rollout(int... lengths) {
    List<Trajectory> trajectories = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      trajectories.add(trajectory(i, lengths[i], i % 3 == 1 ? 0 : 0.9f, i % 3 != 0));
    }
    return Rollout.of(0, ++number, new ParameterVersion(1, number - 1), trajectories);
  }

  private Trajectory trajectory(int number, int steps, float lastDiscount, boolean ended) {
    int width = environment.actionSize();
    float[] annotations = new float[steps * (width + 1)];
    float[] actions = new float[steps * width];
    for (int t = 0; t < steps; t++) {
      for (int i = 0; i < width; i++) {
        float raw =
            environment.actions() instanceof Space.Discrete discrete
                ? random.nextInt(discrete.n())
                : (float) random.nextGaussian();
        annotations[t * (width + 1) + i] = raw;
        actions[t * width + i] = raw;
      }
      annotations[t * (width + 1) + width] = -1.5f + 0.1f * (float) random.nextGaussian();
    }
    float[] discounts = new float[steps];
    Arrays.fill(discounts, 0.9f);
    discounts[steps - 1] = lastDiscount;
    int observed = environment.observationSize();
    return new Trajectory(
        number % 2,
        0,
        gaussians(steps * observed),
        actions,
        annotations,
        gaussians(steps),
        discounts,
        gaussians(observed),
        ended);
  }

  /** Normal numbers of mean 2 and deviation 3. */
  float[] gaussians(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 2 + 3 * (float) random.nextGaussian();
    }
    return values;
  }
}
