package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.config.Settings;
import dev.millrace.core.math.GlobalNorm;
import dev.millrace.core.math.Optimizer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** The parameters of an actor and its critic in one vector, and the steps they take. */
final class ActorCriticParameters {
  private static final int VERSION = 1;

  private final Actor actor;
  private final Optimizer optimizer;
  private final double gradientClip;
  private final float[] values;

  /**
   * @param seed decides the initial ones
   */
  ActorCriticParameters(Actor actor, long seed) {
    this.actor = actor;
    Settings settings = actor.settings();
    values = actor.initialParameters(seed);
    optimizer = LearnerOptions.optimizer(settings, values.length);
    gradientClip = settings.get(LearnerOptions.GRADIENT_CLIP);
  }

  /** {@code float[P]}, the policy's first; not a copy. */
  float[] values() {
    return values;
  }

  /** A copy of the policy's. */
  float[] ofPolicy() {
    return Arrays.copyOf(values, actor.network().parameterCount());
  }

  /**
   * Takes a step against {@code gradient}; none if it is not finite.
   *
   * @param gradient {@code float[P]}, clipped
   * @return its norm before clipping
   */
  double apply(float[] gradient) {
    double norm = GlobalNorm.clip(gradient, gradientClip);
    if (Double.isFinite(norm)) {
      optimizer.apply(values, gradient);
    }
    return norm;
  }

  /** Writes parameters and optimizer. */
  void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeUTF(shape());
    for (float value : values) {
      out.writeFloat(value);
    }
    optimizer.save(out);
  }

  /**
   * Continues what {@link #save} wrote.
   *
   * @throws IllegalStateException if it was written for other networks
   */
  void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "actor-critic version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    String saved = in.readUTF();
    if (!saved.equals(shape())) {
      throw new IllegalStateException(
          "learner was saved with networks %s, the configuration says %s: parameters cannot be continued in other networks; resume with those of before"
              .formatted(saved, shape()));
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readFloat();
    }
    optimizer.restore(in);
  }

  private String shape() {
    return actor.network() + " and " + actor.critic();
  }
}
