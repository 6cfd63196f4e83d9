package dev.millrace.core.agent;

import java.io.Serializable;

/** What an algorithm wants kept of its experience, and how it takes from that. */
public sealed interface ReplaySpec extends Serializable {

  /** Transitions that a batch needs at least; of fewer nothing is learned. */
  int batchSize();

  /**
   * Transitions, each of which may be drawn many times.
   *
   * @param observationSize floats in an observation, D
   * @param actionSize floats in an action, A
   * @param batchSize transitions in a sample, B
   */
  record Sampled(int observationSize, int actionSize, int batchSize) implements ReplaySpec {
    public Sampled {
      if (observationSize < 1 || actionSize < 1 || batchSize < 1) {
        throw new IllegalArgumentException(
            "replay spec observationSize=%d, actionSize=%d, batchSize=%d: must be at least 1"
                .formatted(observationSize, actionSize, batchSize));
      }
    }
  }

  /**
   * A first-in first-out queue of trajectories, each consumed once. A rollout is what the
   * environments of one group do for one ticket.
   *
   * @param discount worth of a reward one step later, relative to now
   * @param lockStep whether parameters are the clock: a batch is one rollout of every group, all of
   *     them by the latest parameters, for which actors wait. Otherwise actors go on with what they
   *     have
   * @param wholeEpisodes whether a rollout is an episode of each environment, from its first step
   *     to its last, rather than a number of steps
   * @param batchSize without lock-step, rollouts are taken until they hold this many transitions; 1
   *     takes each as it arrives
   * @param maxLag a rollout whose parameters are more updates old than this is refused, and counted
   */
  record Fifo(double discount, boolean lockStep, boolean wholeEpisodes, int batchSize, long maxLag)
      implements ReplaySpec {
    /** For an algorithm that corrects for any lag, or ignores it. */
    public static final long ANY_LAG = Long.MAX_VALUE;

    public Fifo {
      if (!(discount >= 0 && discount <= 1) || batchSize < 1 || maxLag < 0) {
        throw new IllegalArgumentException(
            "replay spec discount=%s, batchSize=%d, maxLag=%d: needs a discount from 0 to 1, at least 1 transition and a lag of at least 0"
                .formatted(discount, batchSize, maxLag));
      }
    }

    /** Every group's rollout makes one batch; actors wait for what is learned from it. */
    public static Fifo lockStep(double discount) {
      return new Fifo(discount, true, false, 1, 0);
    }

    /** As {@link #lockStep}, with an episode of each environment in place of a number of steps. */
    public static Fifo lockStepEpisodes(double discount) {
      return new Fifo(discount, true, true, 1, 0);
    }

    /** Rollouts are taken as they come, {@code batchSize} at a time. */
    public static Fifo decoupled(double discount, int batchSize, long maxLag) {
      return new Fifo(discount, false, false, batchSize, maxLag);
    }
  }
}
