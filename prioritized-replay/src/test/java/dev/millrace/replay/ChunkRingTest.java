package dev.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.TransitionLayout;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkRingTest {
  private static final TransitionLayout LAYOUT = new TransitionLayout(3, 1);
  private static final int CHUNK_BYTES = 64 * LAYOUT.bytes();
  private final TestingShardStore store = new TestingShardStore();

  private ChunkRing ring(int chunks, int cachedChunks, long inserted) {
    return new ChunkRing(LAYOUT, 64 * chunks, (long) cachedChunks * CHUNK_BYTES, inserted, store);
  }

  private static void append(ChunkRing ring, int from, int to) {
    for (int i = from; i < to; i++) {
      ring.append(Shards.transition(Shards.SPEC, i, 1));
    }
  }

  /** Numbers of what lies in {@code slots}. */
  private static long[] read(ChunkRing ring, int... slots) {
    SampleBatch batch = SampleBatch.allocate(0, 0, slots.length, 0, 3, 1);
    ring.read(slots, batch);
    return IntStream.range(0, slots.length).mapToLong(i -> Shards.number(batch, i)).toArray();
  }

  @Test
  void servesTheNewestChunksFromTheHeapAndTheOthersFromTheStore() {
    ChunkRing ring = ring(10, 3, 0);
    append(ring, 0, 64 * 8 + 5);
    assertThat(ring.cachedBytes()).isEqualTo(3L * CHUNK_BYTES);
    assertThat(read(ring, 5 * 64, 6 * 64 + 1, 7 * 64 + 63, 8 * 64 + 4))
        .containsExactly(320, 385, 511, 516);
    assertThat(store.reads).isZero();
    assertThat(read(ring, 4 * 64 + 1, 4 * 64 + 9, 0, 7 * 64)).containsExactly(257, 265, 0, 448);
    assertThat(ring.storeReads()).isEqualTo(2);
    assertThat(ring.cachedBytes()).isEqualTo(3L * CHUNK_BYTES);
  }

  @Test
  void aChunkServesWhatIsNotOverwrittenYet() {
    for (int cachedChunks : new int[] {0, 2, 4}) {
      ChunkRing ring = ring(4, cachedChunks, 0);
      append(ring, 0, 4 * 64 + 10);
      assertThat(read(ring, 9, 10, 63, 64)).containsExactly(265, 10, 63, 64);
    }
  }

  @Test
  void oldChunksNeverComeBack() {
    ChunkRing ring = ring(4, 4, 0);
    append(ring, 0, 11 * 64 + 3);
    assertThat(read(ring, 0, 64, 128, 194, 195)).containsExactly(512, 576, 640, 706, 451);
    assertThat(store.reads).isZero();
    assertThat(ring.cachedBytes()).isEqualTo(4L * CHUNK_BYTES);
  }

  @Test
  void aRestoredRingWarmsUpByReading() {
    for (int cachedChunks : new int[] {2, 4}) {
      ChunkRing before = ring(4, cachedChunks, 0);
      append(before, 0, 5 * 64 + 3);
      before.flush();
      ChunkRing ring = ring(4, cachedChunks, 5 * 64 + 3);
      assertThat(ring.cachedBytes()).isZero();
      assertThat(read(ring, 66, 67, 0, 192)).containsExactly(322, 67, 256, 192);
      long reads = ring.storeReads();
      assertThat(read(ring, 0, 192)).containsExactly(256, 192);
      assertThat(ring.storeReads()).isEqualTo(reads);
      append(ring, 5 * 64 + 3, 7 * 64);
      assertThat(read(ring, 64, 128, 0, 192)).containsExactly(320, 384, 256, 192);
      assertThat(ring.cachedBytes()).isLessThanOrEqualTo((long) cachedChunks * CHUNK_BYTES);
    }
  }

  @Test
  void aChunkIsBigEnoughToWriteAndSmallEnoughToRead() {
    assertThat(ChunkRing.chunkSize(56)).isEqualTo(64);
    assertThat(ChunkRing.chunkSize(128)).isEqualTo(64);
    assertThat(ChunkRing.chunkSize(300)).isEqualTo(16);
    assertThat(ChunkRing.chunkSize(4095)).isEqualTo(2);
    assertThat(ChunkRing.chunkSize(4096)).isEqualTo(1);
    assertThat(ChunkRing.chunkSize(1_000_000)).isEqualTo(1);
  }
}
