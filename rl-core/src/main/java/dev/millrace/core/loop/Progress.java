package dev.millrace.core.loop;

import dev.millrace.core.policy.ParameterVersion;

/**
 * News for the ticket source. Every value is absolute and sent again by a timer, so that the latest
 * of each {@link #producer()} replaces all before it.
 */
public sealed interface Progress {

  /** Whose news it is; the latest for each is all that matters. */
  Producer producer();

  /** The identity of a producer. */
  record Producer(Kind kind, int number) {
    public enum Kind {
      SHARD,
      GROUP,
      EVALUATOR,
      CLIENT
    }
  }

  /**
   * What a replay shard holds.
   *
   * @param shard which
   * @param epoch drawn anew each time the shard opens
   * @param inserted transitions ever inserted
   * @param sampled transitions ever sampled, each as often as it was drawn
   * @param size transitions held now
   * @param mass sum of their priorities to the power alpha; their number for a uniform sampler
   * @param newest version that chose the action of the transition inserted last
   */
  record Shard(
      int shard,
      long epoch,
      long inserted,
      long sampled,
      long size,
      double mass,
      ParameterVersion newest)
      implements Progress {
    @Override
    public Producer producer() {
      return new Producer(Producer.Kind.SHARD, shard);
    }
  }

  /**
   * What an environment group has done.
   *
   * @param group which
   * @param answered the number of the last ticket answered
   * @param completed transitions ever sent on to the replay
   * @param abandoned transitions that will never come because an environment failed
   * @param spared steps that tickets allowed and episodes did not need, where an episode ends a
   *     rollout
   */
  record Group(int group, long answered, long completed, long abandoned, long spared)
      implements Progress {
    @Override
    public Producer producer() {
      return new Producer(Producer.Kind.GROUP, group);
    }
  }

  /** The evaluator's word that the target is reached: no more tickets. */
  record TargetReached(double meanReturn) implements Progress {
    @Override
    public Producer producer() {
      return new Producer(Producer.Kind.EVALUATOR, 0);
    }
  }

  /**
   * Whether somebody looks after the run from outside.
   *
   * @param attended whether a client does: a run that is over then stays up, for the client to
   *     fetch what is left and to take a savepoint, rather than finish
   * @param halted whether that client wants no further ticket
   */
  record Attendance(boolean attended, boolean halted) implements Progress {
    @Override
    public Producer producer() {
      return new Producer(Producer.Kind.CLIENT, 0);
    }
  }
}
