package dev.millrace.benchmarks;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.learner.dqn.Dqn;
import dev.millrace.learner.network.Nd4jNetworks;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One update of 4-128-128-2, dueling and double, and the passes through the network it is made of.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class DqnUpdateBenchmark {
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec("pole", Space.Box.symmetric(4, 1), new Space.Discrete(2), 500);

  @Param({"64", "256"})
  public int batchSize;

  private SampleBatch batch;
  private Learner<SampleBatch> learner;
  private Learner<SampleBatch> mixed;
  private Network network;
  private float[] values;
  private float[] gradients;
  private float[] parameterGradients;

  @Setup
  public void prepare() {
    ReplayAgent agent =
        new Dqn().bind(SPEC, 1, new Settings(Map.of("learner.batch-size", (long) batchSize)));
    NetworkSpec spec = agent.network();
    batch = batch(batchSize);
    learner = agent.learner(new Nd4jNetworks(), 1);
    mixed = agent.learner(new MixedNetworks(), 1);
    network = new Nd4jNetworks().create(spec, batchSize);
    network.parameters(learner.parameters());
    values = new float[batchSize * spec.outputs()];
    gradients = new float[values.length];
    parameterGradients = new float[spec.parameterCount()];
  }

  @TearDown
  public void close() {
    learner.close();
    mixed.close();
    network.close();
  }

  /** What {@link Dqn} does. */
  @Benchmark
  public Object update() {
    return learner.update(batch);
  }

  /** The rejected design of {@link MixedNetworks}. */
  @Benchmark
  public Object mixedUpdate() {
    return mixed.update(batch);
  }

  @Benchmark
  public float[] forward() {
    network.forward(batch.observations(), batchSize, values);
    return values;
  }

  @Benchmark
  public float[] forwardAndBackward() {
    network.forward(batch.observations(), batchSize, values);
    System.arraycopy(values, 0, gradients, 0, values.length);
    network.backward(gradients, batchSize, parameterGradients);
    return parameterGradients;
  }

  private static SampleBatch batch(int size) {
    SeededRandom random = new SeededRandom(1);
    SampleBatch batch = SampleBatch.allocate(0, 1, size, 1000, 4, 1);
    for (int i = 0; i < size; i++) {
      batch.probabilities()[i] = 0.001;
      batch.actions()[i] = random.nextInt(2);
      batch.rewards()[i] = 1;
      batch.discounts()[i] = 0.95f;
    }
    for (int i = 0; i < size * 4; i++) {
      batch.observations()[i] = (float) random.nextGaussian();
      batch.nextObservations()[i] = (float) random.nextGaussian();
    }
    return batch;
  }
}
