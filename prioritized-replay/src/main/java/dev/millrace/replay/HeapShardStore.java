package dev.millrace.replay;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Keeps everything on the heap, for tests and for training in one thread. A shard needs no cache in
 * front of it.
 */
public final class HeapShardStore implements ShardStore {
  private final Map<Part, byte[][]> parts = new EnumMap<>(Part.class);

  public HeapShardStore() {
    for (Part part : Part.values()) {
      parts.put(part, new byte[0][]);
    }
  }

  @Override
  public byte[] read(Part part, int number) {
    byte[][] entries = parts.get(part);
    return number < entries.length ? entries[number] : null;
  }

  @Override
  public void write(Part part, int number, byte[] bytes) {
    byte[][] entries = parts.get(part);
    if (number >= entries.length) {
      entries = Arrays.copyOf(entries, Math.max(number + 1, 2 * entries.length));
      parts.put(part, entries);
    }
    if (entries[number] == null || entries[number].length != bytes.length) {
      entries[number] = bytes.clone();
    } else {
      System.arraycopy(bytes, 0, entries[number], 0, bytes.length);
    }
  }
}
