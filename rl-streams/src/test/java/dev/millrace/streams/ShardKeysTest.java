package dev.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;

class ShardKeysTest {

  @Test
  void everyParallelismThatDividesTheShardsIsBalanced() {
    for (int shards = 1; shards <= ShardKeys.MAX_PARALLELISM; shards++) {
      ShardKeys keys = new ShardKeys(shards);
      for (int parallelism = 1; parallelism <= shards; parallelism++) {
        if (shards % parallelism == 0) {
          int[] count = new int[parallelism];
          for (int shard = 0; shard < shards; shard++) {
            count[
                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                    keys.key(shard), ShardKeys.MAX_PARALLELISM, parallelism)]++;
          }
          assertThat(count)
              .as("shards=%d parallelism=%d", shards, parallelism)
              .containsOnly(shards / parallelism);
        }
      }
    }
  }

  @Test
  void subtasksOwnEveryShardOnce() {
    ShardKeys keys = new ShardKeys(7);
    Set<Integer> seen = new HashSet<>();
    for (int subtask = 0; subtask < 3; subtask++) {
      for (int shard : keys.owned(3, subtask)) {
        assertThat(seen.add(shard)).isTrue();
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void keysAreDistinct() {
    ShardKeys keys = new ShardKeys(ShardKeys.MAX_PARALLELISM);
    Set<Integer> distinct = new HashSet<>();
    for (int shard = 0; shard < keys.shards(); shard++) {
      distinct.add(keys.key(shard));
    }
    assertThat(distinct).hasSize(ShardKeys.MAX_PARALLELISM);
  }

  @Test
  void oneEnvironmentFillsAllShardsEvenly() {
    int[] count = new int[3];
    for (long step = 0; step < 300; step++) {
      count[ShardKeys.shardOf(5, step, 3)]++;
    }
    assertThat(count).containsOnly(100);
  }

  @Test
  void refusesMoreShardsThanKeyGroups() {
    assertThatThrownBy(() -> new ShardKeys(129))
        .hasMessage("shards=129: must be between 1 and 128, the maximum parallelism");
  }
}
