package dev.millrace.job.simulation;

/** A mechanism of the loop that is broken on purpose, to see that the simulation finds it. */
enum Defect {
  NONE,
  /** Nothing is sent again. */
  NO_RESENDING,
  /** Shards take priorities whatever shard life they were meant for. */
  PRIORITIES_IGNORE_EPOCHS,
  /** Shards take credits whatever shard life they were meant for. */
  CREDITS_IGNORE_EPOCHS,
  /** A credit is added to the ones before it. */
  CREDITS_ADD_UP,
  /** The limiter's window is a batch narrower than the smallest that the configuration allows. */
  WINDOW_LACKS_A_BATCH,
  /** The limiter's window has no room for what accumulators hold back. */
  WINDOW_LACKS_THE_RESIDUE,
  /** Actors take whatever parameters come. */
  OLDER_PARAMETERS,
  /** Actors do not tell how many transitions will never come. */
  ABANDONED_UNCOUNTED,
  /** The source hears progress from before a crash. */
  PROGRESS_OUTLIVES_ITS_ATTEMPT,
  /** Lives that were restored from one checkpoint draw the same epochs. */
  EPOCHS_STAND_STILL,
  /** While a shard waits for a barrier's other halves, it goes on taking what comes behind it. */
  BARRIERS_DO_NOT_BLOCK,
  /** A shard saves what it had stored, and not what it was still to store. */
  SHARDS_UNFLUSHED,
  /** What accumulators hold back is not restored. */
  RESIDUE_LOST
}
