package dev.millrace.streams;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Keys for a fixed number of shards (of the replay, or groups of environments), chosen so that
 * every parallelism that divides their number gets equally many. Plain numbers as keys would be
 * hashed to key groups at random and leave some subtasks with twice the work of others.
 */
public final class ShardKeys implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The maximum parallelism of every keyed operator, and so the greatest number of shards. */
  public static final int MAX_PARALLELISM = 128;

  private final Integer[] keys;

  /**
   * @throws IllegalArgumentException if {@code shards} is not between 1 and {@link
   *     #MAX_PARALLELISM}
   */
  public ShardKeys(int shards) {
    if (shards < 1 || shards > MAX_PARALLELISM) {
      throw new IllegalArgumentException(
          "shards=%d: must be between 1 and %d, the maximum parallelism"
              .formatted(shards, MAX_PARALLELISM));
    }
    keys = new Integer[shards];
    for (int shard = 0; shard < shards; shard++) {
      int keyGroup = keyGroup(shard, shards);
      int key = 0;
      while (KeyGroupRangeAssignment.assignToKeyGroup(key, MAX_PARALLELISM) != keyGroup) {
        key++;
      }
      keys[shard] = key;
    }
  }

  /**
   * A key group within the shard's share of all of them: the middle, so that a parallelism which
   * does not divide the number of shards is as balanced as it can be, or the first where the share
   * is too narrow to have a middle.
   */
  private static int keyGroup(int shard, int shards) {
    int first = (shard * MAX_PARALLELISM + shards - 1) / shards;
    int middle = (2 * shard + 1) * MAX_PARALLELISM / (2 * shards);
    return Math.max(first, middle);
  }

  /**
   * The shard of a transition: round-robin by the environment's own step, so that shards fill
   * evenly whatever environments do.
   */
  public static int shardOf(int environment, long step, int shards) {
    return (int) Math.floorMod(step + environment, (long) shards);
  }

  public int shards() {
    return keys.length;
  }

  /** The key that stands for {@code shard}. */
  public Integer key(int shard) {
    return keys[shard];
  }

  /** The shards that a subtask owns, in order. */
  public List<Integer> owned(int parallelism, int subtask) {
    List<Integer> owned = new ArrayList<>();
    for (int shard = 0; shard < keys.length; shard++) {
      if (KeyGroupRangeAssignment.assignKeyToParallelOperator(
              keys[shard], MAX_PARALLELISM, parallelism)
          == subtask) {
        owned.add(shard);
      }
    }
    return owned;
  }
}
