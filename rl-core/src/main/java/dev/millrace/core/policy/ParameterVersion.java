package dev.millrace.core.policy;

import java.io.Serializable;

/**
 * Which parameters: the learner's epoch, drawn anew each time a learner opens and always greater
 * than before, and its update step. Compared in that order, so a step may rewind on restore without
 * an old version passing for a new one.
 */
public record ParameterVersion(long epoch, long step)
    implements Comparable<ParameterVersion>, Serializable {
  /** Older than anything a learner publishes. */
  public static final ParameterVersion NONE = new ParameterVersion(0, 0);

  @Override
  public int compareTo(ParameterVersion other) {
    int byEpoch = Long.compare(epoch, other.epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(step, other.step);
  }

  public boolean newerThan(ParameterVersion other) {
    return compareTo(other) > 0;
  }
}
