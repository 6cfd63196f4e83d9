package dev.millrace.replay;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.policy.ParameterVersion;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;

/** Shards and transitions for tests; a transition's number can be read off all its fields. */
final class Shards {
  static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(5000), ZoneOffset.UTC);
  static final ReplaySpec.Sampled SPEC = new ReplaySpec.Sampled(3, 1, 8);

  private Shards() {}

  static ReplaySettings settings(String sampler, int capacity, long cacheBytes) {
    return new ReplaySettings(sampler, capacity, 1, 1, cacheBytes, 11, new Settings(Map.of()));
  }

  static ReplayShard prioritized(int capacity, ShardStore store) {
    return shard(SPEC, settings("prioritized", capacity, 1 << 20), store);
  }

  static ReplayShard shard(ReplaySpec.Sampled spec, ReplaySettings settings, ShardStore store) {
    Sampler sampler = settings.newSampler(Shards.class.getClassLoader());
    return new ReplayShard(7, spec, settings, sampler, store, CLOCK);
  }

  static Transition transition(ReplaySpec.Sampled spec, long number, float priority) {
    float[] observation = new float[spec.observationSize()];
    float[] next = new float[spec.observationSize()];
    float[] action = new float[spec.actionSize()];
    Arrays.fill(observation, number);
    Arrays.fill(next, number + 1);
    Arrays.fill(action, number % 5);
    return new Transition(
        (int) (number % 3),
        number,
        new ParameterVersion(1, number),
        observation,
        action,
        number * 2,
        number * 4,
        next,
        priority);
  }

  /** The number of the transition in {@code row}; -1 if its columns contradict each other. */
  static long number(SampleBatch batch, int row) {
    int d = batch.observations().length / batch.size();
    int a = batch.actions().length / batch.size();
    long number = (long) batch.rewards()[row] / 2;
    boolean consistent = batch.discounts()[row] == number * 4;
    for (int i = 0; i < d; i++) {
      consistent &= batch.observations()[row * d + i] == number;
      consistent &= batch.nextObservations()[row * d + i] == number + 1;
    }
    for (int i = 0; i < a; i++) {
      consistent &= batch.actions()[row * a + i] == number % 5;
    }
    return consistent ? number : -1;
  }
}
