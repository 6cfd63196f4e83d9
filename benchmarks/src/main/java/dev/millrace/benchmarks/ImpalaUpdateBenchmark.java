package dev.millrace.benchmarks;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.JavaNetworks;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.learner.actorcritic.Impala;
import dev.millrace.learner.network.Nd4jNetworks;
import dev.millrace.streams.MessageTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One IMPALA update of two networks 4-128-128 and its way over the wire, per transition. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@OperationsPerInvocation(ImpalaUpdateBenchmark.TRANSITIONS)
public class ImpalaUpdateBenchmark {
  static final int ENVIRONMENTS = 64;
  static final int STEPS = 16;
  static final int TRANSITIONS = ENVIRONMENTS * STEPS;
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec("pole", Space.Box.symmetric(4, 1), new Space.Discrete(2), 500);

  private final TypeSerializer<Rollout> serializer = MessageTypes.ROLLOUT.serializer();
  private final DataOutputSerializer out = new DataOutputSerializer(1 << 17);
  private Rollout rollout;
  private List<Rollout> batch;
  private Learner<List<Rollout>> learner;
  private Learner<List<Rollout>> java;

  @Setup
  public void prepare() {
    TrajectoryAgent agent =
        (TrajectoryAgent)
            new Impala()
                .bind(
                    SPEC,
                    ENVIRONMENTS,
                    new Settings(Map.of("learner.batch-size", (long) TRANSITIONS)));
    learner = agent.learner(new Nd4jNetworks(), 1);
    java = agent.learner(new JavaNetworks(), 1);
    List<Trajectory> trajectories = new ArrayList<>();
    SeededRandom random = new SeededRandom(1);
    for (int environment = 0; environment < ENVIRONMENTS; environment++) {
      trajectories.add(trajectory(environment, random));
    }
    rollout = Rollout.of(0, 1, ParameterVersion.NONE, trajectories);
    batch = List.of(rollout);
  }

  @TearDown
  public void close() {
    learner.close();
    java.close();
  }

  @Benchmark
  public Object update() {
    return learner.update(batch);
  }

  /** With networks in Java, which is not what learners use. */
  @Benchmark
  public Object updateInJava() {
    return java.update(batch);
  }

  @Benchmark
  public Rollout writeAndRead() throws IOException {
    out.clear();
    serializer.serialize(rollout, out);
    return serializer.deserialize(new DataInputDeserializer(out.getSharedBuffer()));
  }

  private static Trajectory trajectory(int environment, SeededRandom random) {
    float[] observations = gaussians(STEPS * 4, random);
    float[] actions = new float[STEPS];
    float[] annotations = new float[2 * STEPS];
    for (int t = 0; t < STEPS; t++) {
      actions[t] = random.nextInt(2);
      annotations[2 * t] = actions[t];
      annotations[2 * t + 1] = (float) -Math.log(2);
    }
    float[] rewards = new float[STEPS];
    Arrays.fill(rewards, 1);
    float[] discounts = new float[STEPS];
    Arrays.fill(discounts, 0.99f);
    float[] next = gaussians(4, random);
    return new Trajectory(
        environment, 0, observations, actions, annotations, rewards, discounts, next, false);
  }

  private static float[] gaussians(int count, SeededRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
