package dev.millrace.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.TransitionLayout;
import dev.millrace.streams.ShardKeys;
import java.io.DataInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.shaded.guava31.com.google.common.hash.Hashing;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** What a savepoint's replay holds, read from its files. */
public final class SavedReplay {
  /** A transition's identity. */
  public record Item(int environment, long step) {}

  /** What was remembered of a step, but for the action and the reward. */
  public record Remembered(float[] observation, float discount, float[] nextObservation) {}

  private final Map<Item, Float> weights = new HashMap<>();
  private final Map<Item, Remembered> remembered = new HashMap<>();
  private final List<String> counters = new ArrayList<>();
  private final CRC32C digest = new CRC32C();
  private long doubled;
  private long inserted;
  private long applied;

  private SavedReplay() {}

  /** Sampling weights by transition. */
  public Map<Item, Float> weights() {
    return weights;
  }

  /** What was remembered, by transition. */
  public Map<Item, Remembered> remembered() {
    return remembered;
  }

  /** Each shard's counters, what it has sampled and been told included. */
  public List<String> counters() {
    return counters;
  }

  /** A short text that differs where a bit of a transition or its sampling weight does. */
  public String digest() {
    return "%08x".formatted(digest.getValue());
  }

  /** Transitions that are there more than once. */
  public long doubled() {
    return doubled;
  }

  /** Transitions ever inserted, over all shards. */
  public long inserted() {
    return inserted;
  }

  /** Priorities ever changed by the learner, over all shards. */
  public long applied() {
    return applied;
  }

  /** How many steps of {@code environment} are there, if they are all those from 0 on; else -1. */
  public long unbrokenSteps(int environment) {
    long steps = weights.keySet().stream().filter(i -> i.environment() == environment).count();
    return weights.containsKey(new Item(environment, steps - 1)) ? steps : -1;
  }

  /** Reads every shard. */
  public static SavedReplay read(Path savepoint, int shards) throws Exception {
    Reader reader = new Reader(shards);
    try (var harness =
        new KeyedOneInputStreamOperatorTestHarness<Integer, Integer, Void>(
            reader, key -> key, Types.INT, ShardKeys.MAX_PARALLELISM, 1, 0)) {
      harness.setStateBackend(new EmbeddedRocksDBStateBackend(true));
      harness.setup();
      harness.initializeState(state(savepoint, "replay"));
      harness.open();
    }
    return reader.read;
  }

  /** What all subtasks of an operator saved, for a single one to restore. */
  public static OperatorSubtaskState state(Path savepoint, String uid) throws Exception {
    // How Flink makes an operator's id of its uid.
    OperatorID id = new OperatorID(Hashing.murmur3_128(0).hashString(uid, UTF_8).asBytes());
    try (DataInputStream in =
        new DataInputStream(
            Files.newInputStream(
                savepoint.resolve(AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME)))) {
      CheckpointMetadata metadata =
          Checkpoints.loadCheckpointMetadata(
              in, SavedReplay.class.getClassLoader(), savepoint.toUri().toString());
      OperatorState state =
          metadata.getOperatorStates().stream()
              .filter(operator -> operator.getOperatorID().equals(id))
              .findFirst()
              .orElseThrow();
      OperatorSubtaskState[] subtasks =
          List.copyOf(state.getStates()).toArray(OperatorSubtaskState[]::new);
      return AbstractStreamOperatorTestHarness.repartitionOperatorState(
          AbstractStreamOperatorTestHarness.repackageState(subtasks),
          ShardKeys.MAX_PARALLELISM,
          subtasks.length,
          1,
          0);
    }
  }

  private static final class Reader extends AbstractStreamOperator<Void>
      implements OneInputStreamOperator<Integer, Void> {
    private static final long serialVersionUID = 1L;
    private final int shards;
    private final transient SavedReplay read = new SavedReplay();

    private Reader(int shards) {
      this.shards = shards;
    }

    @Override
    public void open() throws Exception {
      super.open();
      ShardKeys keys = new ShardKeys(shards);
      for (int shard = 0; shard < shards; shard++) {
        read(new KeyedShardStore(this, keys.key(shard), getKeyedStateStore()));
      }
    }

    private void read(ShardStore store) {
      ShardHeader header = ShardHeader.of(store.read(ShardStore.Part.HEADER, 0));
      ShardHeader.Form form = header.form();
      TransitionLayout layout = new TransitionLayout(form.observationSize(), form.actionSize());
      int size = (int) Math.min(header.inserted(), form.capacity());
      PrioritizedSampler sampler = new PrioritizedSampler(form.capacity(), 1, 1);
      new WeightBlocks(store).restore(sampler, size);
      int next = (int) (header.inserted() % form.capacity());
      for (int slot = 0; slot < size; slot++) {
        int chunk = slot / form.chunkSize();
        boolean open = chunk == next / form.chunkSize() && slot < next;
        byte[] bytes =
            open
                ? store.read(ShardStore.Part.OPEN_CHUNK, 0)
                : store.read(ShardStore.Part.CHUNK, chunk);
        int offset = slot % form.chunkSize() * layout.bytes();
        Item item = new Item(layout.environment(bytes, offset), layout.step(bytes, offset));
        read.doubled += read.weights.put(item, sampler.weight(slot)) == null ? 0 : 1;
        note(item, bytes, offset, layout, sampler.weight(slot));
      }
      read.inserted += header.inserted();
      read.applied += header.applied();
      read.counters.add(
          "inserted %d, sampled %d, applied %d, ignored %d, greatest %s, generator %d, newest from step %d"
              .formatted(
                  header.inserted(),
                  header.sampled(),
                  header.applied(),
                  header.ignored(),
                  header.greatest(),
                  header.random(),
                  header.newest().step()));
    }

    private void note(Item item, byte[] bytes, int offset, TransitionLayout layout, float weight) {
      SampleBatch one =
          SampleBatch.allocate(0, 0, 1, 1, layout.observationSize(), layout.actionSize());
      layout.read(bytes, offset, one, 0);
      read.remembered.put(
          item, new Remembered(one.observations(), one.discounts()[0], one.nextObservations()));
      digest(item.environment(), (int) item.step(), Float.floatToIntBits(weight));
      for (float[] part :
          List.of(
              one.observations(),
              one.actions(),
              one.rewards(),
              one.discounts(),
              one.nextObservations())) {
        for (float number : part) {
          digest(Float.floatToIntBits(number));
        }
      }
    }

    private void digest(int... numbers) {
      for (int number : numbers) {
        read.digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
      }
    }

    @Override
    public void processElement(StreamRecord<Integer> record) {}
  }
}
