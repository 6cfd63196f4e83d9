package dev.millrace.deploy.session;

import dev.millrace.replay.SavedReplay;
import dev.millrace.replay.SavedReplay.Item;
import dev.millrace.replay.SavedVersion;
import java.nio.file.Path;
import java.util.Arrays;

/** What a savepoint or checkpoint of a training holds, and how it compares with an earlier one. */
record SavedTraining(SavedReplay replay, SavedVersion learner) {
  static SavedTraining read(Path savepoint, int shards) throws Exception {
    return new SavedTraining(SavedReplay.read(savepoint, shards), SavedVersion.read(savepoint));
  }

  int transitions() {
    return replay.weights().size();
  }

  /** Steps from 0 to the newest of each environment that are not there. */
  long missing(int environments) {
    long[] newest = new long[environments];
    Arrays.fill(newest, -1);
    for (Item item : replay.weights().keySet()) {
      newest[item.environment()] = Math.max(newest[item.environment()], item.step());
    }
    return Arrays.stream(newest).map(step -> step + 1).sum() - transitions();
  }

  /** Transitions of {@code earlier} that are not there. */
  long lostSince(SavedTraining earlier) {
    return earlier.replay.weights().keySet().stream()
        .filter(item -> !replay.weights().containsKey(item))
        .count();
  }

  /** Transitions that were there and have another sampling weight now. */
  long reweightedSince(SavedTraining earlier) {
    return earlier.replay.weights().entrySet().stream()
        .filter(before -> !before.getValue().equals(replay.weights().get(before.getKey())))
        .count();
  }
}
