package dev.millrace.job;

import java.util.List;

/**
 * When a run under observation is to fail, in counted events, and which tasks are to fail then.
 *
 * @param name for reports
 * @param place where events are counted
 * @param count of the event, from 1, since the run began or failed before
 * @param checkpointed whether to wait on for the first such event after a completed checkpoint
 * @param throwing whether the task in which the event happens fails by it
 * @param interrupted beginnings of the names of other tasks that fail with it
 */
record Moment(
    String name,
    Place place,
    long count,
    boolean checkpointed,
    boolean throwing,
    List<String> interrupted) {

  /** Where events are counted. */
  enum Place {
    /** Decisions for the first of all environments. */
    FIRST_ACTOR,
    /** Decisions for the last of all environments. */
    LAST_ACTOR,
    /** Batches that are complete and not yet learned from. */
    LEARNER_BEFORE_UPDATE,
    /** Batches that were learned from, with nothing yet published. */
    LEARNER_AFTER_UPDATE,
    /** Publications about to be sent. */
    LEARNER_PUBLISHES,
    /** Checkpoints about to be written. */
    LEARNER_SAVES,
    /** Decisions of the evaluator. */
    EVALUATOR
  }

  /** The task in which the event happens fails. */
  static Moment at(String name, Place place, long count) {
    return new Moment(name, place, count, false, true, List.of());
  }

  /** The same as soon as a checkpoint is complete. */
  Moment afterCheckpoint() {
    return new Moment(name, place, count, true, throwing, interrupted);
  }

  /** Others fail with it. */
  Moment with(String... tasks) {
    return new Moment(name, place, count, checkpointed, throwing, List.of(tasks));
  }

  /** Others fail in its place. */
  Moment only(String... tasks) {
    return new Moment(name, place, count, checkpointed, false, List.of(tasks));
  }

  @Override
  public String toString() {
    return name;
  }
}
