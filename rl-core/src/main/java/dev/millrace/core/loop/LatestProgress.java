package dev.millrace.core.loop;

/**
 * The latest news of every shard and every group, and their sums. Producers that have not reported
 * count as 0.
 */
final class LatestProgress {
  private final Progress.Group[] groups;
  private final Progress.Shard[] shards;

  LatestProgress(int groups, int shards) {
    this.groups = new Progress.Group[groups];
    this.shards = new Progress.Shard[shards];
  }

  /** Takes note of news; older or repeated news changes nothing. */
  void note(Progress.Shard news) {
    Progress.Shard known = shards[news.shard()];
    if (known == null
        || news.epoch() > known.epoch()
        || news.epoch() == known.epoch()
            && news.inserted() >= known.inserted()
            && news.sampled() >= known.sampled()) {
      shards[news.shard()] = news;
    }
  }

  /** Takes note of news; older or repeated news changes nothing. */
  void note(Progress.Group news) {
    Progress.Group known = groups[news.group()];
    if (known == null || news.answered() >= known.answered()) {
      groups[news.group()] = news;
    }
  }

  /** Whether every shard and every group has reported. */
  boolean complete() {
    for (Progress.Group group : groups) {
      if (group == null) {
        return false;
      }
    }
    for (Progress.Shard shard : shards) {
      if (shard == null) {
        return false;
      }
    }
    return true;
  }

  /** The number of the group's last ticket answered. */
  long answered(int group) {
    return groups[group] == null ? 0 : groups[group].answered();
  }

  /** Transitions ever inserted. */
  long inserted() {
    long sum = 0;
    for (Progress.Shard shard : shards) {
      sum += shard == null ? 0 : shard.inserted();
    }
    return sum;
  }

  /** Transitions ever sampled. */
  long sampled() {
    long sum = 0;
    for (Progress.Shard shard : shards) {
      sum += shard == null ? 0 : shard.sampled();
    }
    return sum;
  }

  /** Transitions ever sent on to be inserted. */
  long completed() {
    long sum = 0;
    for (Progress.Group group : groups) {
      sum += group == null ? 0 : group.completed();
    }
    return sum;
  }

  /** Transitions that will never come. */
  long abandoned() {
    long sum = 0;
    for (Progress.Group group : groups) {
      sum += group == null ? 0 : group.abandoned();
    }
    return sum;
  }

  /** Steps that tickets allowed and episodes did not need. */
  long spared() {
    long sum = 0;
    for (Progress.Group group : groups) {
      sum += group == null ? 0 : group.spared();
    }
    return sum;
  }
}
