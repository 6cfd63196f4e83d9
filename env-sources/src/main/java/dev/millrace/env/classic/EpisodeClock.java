package dev.millrace.env.classic;

import dev.millrace.core.env.TimeStep;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Where in its episode an environment stands: counts steps and truncates at the time limit. */
final class EpisodeClock {
  private static final int VERSION = 1;
  private static final int NOT_RUNNING = -1;

  private final String environment;
  private final int limit;
  private int elapsed = NOT_RUNNING;

  EpisodeClock(String environment, int limit) {
    this.environment = environment;
    this.limit = limit;
  }

  TimeStep begin(float[] observation) {
    elapsed = 0;
    return TimeStep.first(observation);
  }

  /** Steps taken in the present episode. */
  int elapsed() {
    return Math.max(elapsed, 0);
  }

  void requireEpisode() {
    if (elapsed == NOT_RUNNING) {
      throw new IllegalStateException(
          environment
              + " has no episode under way: reset it before the first step and after each last one");
    }
  }

  /** Termination outranks the time limit when both fall on one step. */
  TimeStep answer(float[] observation, float reward, boolean terminated) {
    elapsed++;
    if (terminated) {
      elapsed = NOT_RUNNING;
      return TimeStep.terminated(observation, reward);
    }
    if (elapsed >= limit) {
      elapsed = NOT_RUNNING;
      return TimeStep.truncated(observation, reward);
    }
    return TimeStep.mid(observation, reward);
  }

  /** Writes a snapshot of this clock and of the environment's {@code state}. */
  void save(DataOutput out, double... state) throws IOException {
    out.writeInt(VERSION);
    out.writeInt(elapsed);
    out.writeInt(state.length);
    for (double value : state) {
      out.writeDouble(value);
    }
  }

  /** Continues what {@link #save} wrote, and gives the environment its state back. */
  double[] restore(DataInput in, int stateSize) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "%s snapshot version=%d: this build reads version %d; use the build that wrote it"
              .formatted(environment, version, VERSION));
    }
    elapsed = in.readInt();
    int size = in.readInt();
    if (size != stateSize) {
      throw new IOException(
          "%s snapshot holds %d numbers, must hold %d: it was written by another environment"
              .formatted(environment, size, stateSize));
    }
    double[] state = new double[size];
    for (int i = 0; i < size; i++) {
      state[i] = in.readDouble();
    }
    return state;
  }
}
