package dev.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplaySettingsTest {

  private static ReplaySettings settings(long capacity, int shards, int parallelism, long cache) {
    return new ReplaySettings(
        "uniform", capacity, shards, parallelism, cache, 1, new Settings(Map.of()));
  }

  @Test
  void sharesAreRoundedUpSoThatTheCapacityFits() {
    assertThat(settings(10, 4, 2, 9).shardCapacity()).isEqualTo(3);
    assertThat(settings(8, 4, 2, 9).shardCapacity()).isEqualTo(2);
    assertThat(settings(8, 4, 2, 9).shardCacheBytes()).isEqualTo(2);
  }

  @Test
  void refusesWhatCouldNotRun() {
    assertThatThrownBy(() -> settings(3, 4, 1, 0))
        .hasMessage(
            "replay capacity=3, shards=4: each shard needs room for 1 to 2147483631 transitions");
    assertThatThrownBy(() -> settings(8, 4, 5, 0))
        .hasMessage(
            "replay parallelism=5: must be from 1 to the number of shards, 4, or a task would hold none");
    assertThatThrownBy(() -> settings(8, 4, 4, -1))
        .hasMessage(
            "replay cacheBytes=-1: must be at least 0; with 0 every sample is read from the store");
  }
}
