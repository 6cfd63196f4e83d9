package dev.millrace.replay;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Counts, can be copied, and spoils what it handed out as soon as it may. */
final class TestingShardStore implements ShardStore {
  private record Key(Part part, int number) {}

  private final Map<Key, byte[]> entries = new HashMap<>();
  private byte[] lent = new byte[0];
  int reads;
  final Map<Part, Integer> writes = new HashMap<>();

  @Override
  public byte[] read(Part part, int number) {
    reads++;
    spoil();
    byte[] bytes = entries.get(new Key(part, number));
    lent = bytes == null ? new byte[0] : bytes.clone();
    return bytes == null ? null : lent;
  }

  @Override
  public void write(Part part, int number, byte[] bytes) {
    writes.merge(part, 1, Integer::sum);
    spoil();
    entries.put(new Key(part, number), bytes.clone());
  }

  private void spoil() {
    Arrays.fill(lent, (byte) -1);
  }

  TestingShardStore copy() {
    TestingShardStore copy = new TestingShardStore();
    copy.entries.putAll(entries);
    return copy;
  }
}
