package dev.millrace.job;

import dev.millrace.job.config.Experiment;
import org.apache.flink.streaming.api.graph.StreamGraphGenerator;

/**
 * The slots of a training run. The learner has one of its own, so that its TaskManager can be one
 * with a GPU, and so that it takes no share of the memory that the replay's slot is given. Of
 * everything else a slot holds one subtask each.
 */
public final class Slots {
  /** The slot-sharing group of the learner. */
  static final String LEARNER = "learner";

  /** The slot-sharing group of everything else. */
  static final String ALL_ELSE = StreamGraphGenerator.DEFAULT_SLOT_SHARING_GROUP;

  private Slots() {}

  /** Task slots that {@code experiment} takes on any cluster. */
  public static int needed(Experiment experiment) {
    return sharing(experiment) + 1;
  }

  /** Those of them that hold everything but the learner. */
  static int sharing(Experiment experiment) {
    return Math.max(experiment.actor().parallelism(), experiment.replay().parallelism());
  }
}
