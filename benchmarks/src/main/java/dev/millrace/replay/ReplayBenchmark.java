package dev.millrace.replay;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.experience.TransitionLayout;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.job.FlinkOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.contrib.streaming.state.RocksDBOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;

/**
 * Measures one replay operator with one shard on RocksDB, in its own thread and without a network:
 * {@code benchmarks/run replay [capacity] [observationSize] [actionSize] [managed MB]}. Rates are
 * given per second of wall clock and per second of the thread's CPU time; RocksDB's background
 * threads come on top.
 */
public final class ReplayBenchmark {
  private static final int BATCH = 64;
  private static final int BATCHES_PER_CREDIT = 4;
  private static final int ROUNDS = 5;

  private final int capacity;
  private final ReplaySpec.Sampled spec;
  private final int managedMegabytes;
  private final Transition[] pool = new Transition[8192];
  private long inserted;
  private long sampled;

  private ReplayBenchmark(int capacity, int d, int a, int managedMegabytes) {
    this.capacity = capacity;
    this.managedMegabytes = managedMegabytes;
    spec = new ReplaySpec.Sampled(d, a, BATCH);
    SeededRandom random = new SeededRandom(1);
    for (int i = 0; i < pool.length; i++) {
      pool[i] =
          new Transition(
              0,
              i,
              ParameterVersion.NONE,
              floats(random, d),
              floats(random, a),
              1,
              1,
              floats(random, d),
              1);
    }
  }

  private static float[] floats(SeededRandom random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  public static void main(String[] args) throws Exception {
    int capacity = argument(args, 0, 1_000_000);
    ReplayBenchmark benchmark =
        new ReplayBenchmark(
            capacity, argument(args, 1, 9), argument(args, 2, 2), argument(args, 3, 256));
    System.out.printf(
        "capacity=%d bytes/transition=%d managed=%dMB%n",
        capacity,
        new TransitionLayout(benchmark.spec.observationSize(), benchmark.spec.actionSize()).bytes(),
        benchmark.managedMegabytes);
    Path storage = Files.createTempDirectory("replay-benchmark");
    System.out.println("-- everything cached");
    benchmark.run(4L << 30, storage, true);
    System.out.println("-- nothing cached");
    benchmark.run(0, storage, false);
    System.exit(0);
  }

  private static int argument(String[] args, int index, int value) {
    return index < args.length ? Integer.parseInt(args[index]) : value;
  }

  private void run(long cacheBytes, Path storage, boolean checkpoints) throws Exception {
    ReplaySettings settings =
        new ReplaySettings("prioritized", capacity, 1, 1, cacheBytes, 3, new Settings(Map.of()));
    inserted = 0;
    sampled = 0;
    OperatorSubtaskState full;
    try (ReplayTask replay = open(settings, storage, null)) {
      measure("first inserts", capacity, () -> insert(replay, capacity));
      for (int round = 0; round < ROUNDS; round++) {
        measure("overwriting inserts", capacity, () -> insert(replay, capacity));
      }
      for (int round = 0; round < ROUNDS; round++) {
        int samples = cacheBytes > 0 ? 4_000_000 : 500_000;
        measure("samples with updates", samples, () -> sample(replay, samples));
      }
      if (!checkpoints) {
        return;
      }
      full = checkpoint(replay, 1, "full");
      int some = capacity / 10;
      for (int i = 2; i < 20; i++) {
        insert(replay, some);
        sample(replay, 4 * some);
        checkpoint(replay, i, "after %d inserts, %d samples:".formatted(some, 4 * some));
      }
    }
    measure("restored transitions", capacity, () -> open(settings, storage, full).close());
    try (ReplayTask replay = open(settings, storage, full)) {
      measure("samples while warming up", 500_000, () -> sample(replay, 500_000));
    }
  }

  private ReplayTask open(ReplaySettings settings, Path storage, OperatorSubtaskState state)
      throws Exception {
    Configuration options = FlinkOptions.replayStore();
    options.set(RocksDBOptions.FIX_PER_SLOT_MEMORY_SIZE, MemorySize.ofMebiBytes(managedMegabytes));
    EmbeddedRocksDBStateBackend backend =
        new EmbeddedRocksDBStateBackend(true)
            .configure(options, ReplayBenchmark.class.getClassLoader());
    return new ReplayTask(
        spec, settings, state, backend, new FileSystemCheckpointStorage(storage.toUri()));
  }

  private void insert(ReplayTask replay, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      Transition t = pool[(int) (inserted % pool.length)];
      // What a deserializer would make anew: the record.
      replay.insert(
          new Transition(
              0,
              inserted++,
              t.version(),
              t.observation(),
              t.action(),
              1,
              1,
              t.nextObservation(),
              1));
      if (i % 65536 == 0) {
        replay.forget();
      }
    }
  }

  private void sample(ReplayTask replay, int count) throws Exception {
    int rounds = count / (BATCH * BATCHES_PER_CREDIT);
    for (int round = 0; round < rounds; round++) {
      sampled += BATCH * BATCHES_PER_CREDIT;
      List<PriorityUpdates> found = new ArrayList<>(BATCHES_PER_CREDIT);
      for (SampleBatch batch : replay.sample(sampled, BATCH)) {
        float[] priorities = new float[BATCH];
        for (int i = 0; i < BATCH; i++) {
          priorities[i] = (batch.slots()[i] * 31 + round) % 64 / 32f;
        }
        found.add(batch.priorities(priorities));
      }
      replay.update(found);
    }
  }

  private static OperatorSubtaskState checkpoint(ReplayTask replay, long id, String what)
      throws Exception {
    long start = System.nanoTime();
    OperatorSubtaskState state = replay.snapshot(id);
    replay.completed(id);
    System.out.printf(
        "checkpoint %d %-40s %8.1f ms %8.2f MB of %.2f MB%n",
        id,
        what,
        (System.nanoTime() - start) / 1e6,
        state.getCheckpointedSize() / 1e6,
        state.getStateSize() / 1e6);
    return state;
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void measure(String what, long count, Work work) throws Exception {
    var threads = ManagementFactory.getThreadMXBean();
    long cpu = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (threads.getCurrentThreadCpuTime() - cpu) / 1e9;
    System.out.printf(
        "%-26s %,12.0f /s %,12.0f /CPU s %8.2f s%n",
        what, count / seconds, count / cpuSeconds, seconds);
  }
}
