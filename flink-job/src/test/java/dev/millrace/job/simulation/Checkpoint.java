package dev.millrace.job.simulation;

/** What the tasks saved at one barrier. */
final class Checkpoint {
  byte[] source;
  final byte[][] actors;
  final ShardTask.Saved[] shards;
  LearnerTask.Saved learner;

  Checkpoint(Conditions conditions) {
    actors = new byte[conditions.groupSizes.length][];
    shards = new ShardTask.Saved[conditions.shards];
  }
}
