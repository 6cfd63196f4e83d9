package dev.millrace.job.simulation;

import dev.millrace.replay.ShardStore;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Keeps a shard on the heap, and can be copied as a checkpoint would. */
final class TestingShardStore implements ShardStore {
  private final Map<Part, Map<Integer, byte[]>> parts = new EnumMap<>(Part.class);

  TestingShardStore() {
    for (Part part : Part.values()) {
      parts.put(part, new HashMap<>());
    }
  }

  @Override
  public byte[] read(Part part, int number) {
    return parts.get(part).get(number);
  }

  @Override
  public void write(Part part, int number, byte[] bytes) {
    parts.get(part).put(number, bytes.clone());
  }

  TestingShardStore copy() {
    TestingShardStore copy = new TestingShardStore();
    parts.forEach((part, entries) -> copy.parts.get(part).putAll(entries));
    return copy;
  }
}
