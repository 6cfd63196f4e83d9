package dev.millrace.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.experience.TransitionLayout;
import dev.millrace.streams.ShardKeys;
import java.io.DataInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private final Map<Item, Float> weights = new HashMap<>();
  private long doubled;
  private long inserted;

  private SavedReplay() {}

  /** Sampling weights by transition. */
  public Map<Item, Float> weights() {
    return weights;
  }

  /** Transitions that are there more than once. */
  public long doubled() {
    return doubled;
  }

  /** Transitions ever inserted, over all shards. */
  public long inserted() {
    return inserted;
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
      harness.initializeState(state(savepoint));
      harness.open();
    }
    return reader.read;
  }

  private static OperatorSubtaskState state(Path savepoint) throws Exception {
    // How Flink makes an operator's id of its uid.
    OperatorID replay =
        new OperatorID(Hashing.murmur3_128(0).hashString("replay", UTF_8).asBytes());
    try (DataInputStream in =
        new DataInputStream(
            Files.newInputStream(
                savepoint.resolve(AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME)))) {
      CheckpointMetadata metadata =
          Checkpoints.loadCheckpointMetadata(
              in, SavedReplay.class.getClassLoader(), savepoint.toUri().toString());
      OperatorState state =
          metadata.getOperatorStates().stream()
              .filter(operator -> operator.getOperatorID().equals(replay))
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
      }
      read.inserted += header.inserted();
    }

    @Override
    public void processElement(StreamRecord<Integer> record) {}
  }
}
