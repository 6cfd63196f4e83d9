package dev.millrace.job.simulation;

/** What schedules went through, to see that they went through something. */
final class Tally {
  long schedules;
  long turns;
  long sent;
  long dropped;
  long outlived;
  long refused;
  long inserted;
  long batches;
  long checkpoints;
  long restored;
  long startedOver;
  long closed;
  long abandoned;
  long prioritiesApplied;
  long prioritiesIgnored;
  long oneEnvironment;
  long smallestWindow;
  long skewed;
  long residueBeyondMinimum;

  void add(Tally other) {
    schedules += other.schedules;
    turns += other.turns;
    sent += other.sent;
    dropped += other.dropped;
    outlived += other.outlived;
    refused += other.refused;
    inserted += other.inserted;
    batches += other.batches;
    checkpoints += other.checkpoints;
    restored += other.restored;
    startedOver += other.startedOver;
    closed += other.closed;
    abandoned += other.abandoned;
    prioritiesApplied += other.prioritiesApplied;
    prioritiesIgnored += other.prioritiesIgnored;
    oneEnvironment += other.oneEnvironment;
    smallestWindow += other.smallestWindow;
    skewed += other.skewed;
    residueBeyondMinimum += other.residueBeyondMinimum;
  }

  @Override
  public String toString() {
    return "schedules=%d turns=%d sent=%d dropped=%d outlived=%d refused=%d inserted=%d batches=%d checkpoints=%d restored=%d startedOver=%d closed=%d abandoned=%d applied=%d ignored=%d oneEnvironment=%d smallestWindow=%d skewed=%d residue=%d"
        .formatted(
            schedules,
            turns,
            sent,
            dropped,
            outlived,
            refused,
            inserted,
            batches,
            checkpoints,
            restored,
            startedOver,
            closed,
            abandoned,
            prioritiesApplied,
            prioritiesIgnored,
            oneEnvironment,
            smallestWindow,
            skewed,
            residueBeyondMinimum);
  }
}
