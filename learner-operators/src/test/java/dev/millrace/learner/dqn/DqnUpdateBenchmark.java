package dev.millrace.learner.dqn;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.learner.network.Nd4jNetworks;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Map;

/**
 * CPU time of one update of 4-128-128-2, dueling and double, by batch size: run its {@code main}.
 * The contenders take turns, slice by slice, and each one's median slice counts, so that a busy
 * machine slows all alike.
 *
 * <ul>
 *   <li>{@code nd4j}: what {@link Dqn} does, every pass on ND4J;
 *   <li>{@code mixed}: the rejected design, where the passes that are not differentiated run in
 *       Java as the actors' do. It takes a tenth less, but what is learned would then depend on a
 *       flag of the JVM;
 *   <li>{@code forward nd4j}, {@code forward java}: one such pass alone.
 * </ul>
 */
public final class DqnUpdateBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec("pole", Space.Box.symmetric(4, 1), new Space.Discrete(2), 500);
  private static final int ROUNDS = 41;
  private static final int CALLS = 200;

  private DqnUpdateBenchmark() {}

  /** Prints one line for each batch size and contender. */
  public static void main(String[] arguments) {
    for (int batchSize : new int[] {64, 256}) {
      measure(batchSize);
    }
  }

  private static void measure(int batchSize) {
    Settings settings = new Settings(Map.of("learner.batch-size", (long) batchSize));
    Agent agent = new Dqn().bind(SPEC, 1, settings);
    NetworkSpec spec = agent.network();
    SampleBatch batch = batch(batchSize);
    float[] q = new float[batchSize * spec.outputs()];
    Networks nd4j = new Nd4jNetworks();
    try (Learner learner = agent.learner(nd4j, 1);
        Learner mixed = agent.learner(mixed(), 1);
        Network network = nd4j.create(spec, batchSize)) {
      network.parameters(learner.parameters());
      ForwardPass pass = ForwardPass.of(spec, batchSize);
      pass.parameters(learner.parameters());
      String[] names = {"nd4j", "mixed", "forward nd4j", "forward java"};
      double[] micros =
          takeTurns(
              () -> learner.update(batch),
              () -> mixed.update(batch),
              () -> network.forward(batch.observations(), batchSize, q),
              () -> pass.forward(batch.observations(), batchSize, q));
      for (int i = 0; i < names.length; i++) {
        System.out.printf("batch %d  %-14s %8.1f us CPU%n", batchSize, names[i], micros[i]);
      }
    }
  }

  private static double[] takeTurns(Runnable... contenders) {
    double[][] micros = new double[contenders.length][ROUNDS];
    for (int round = -10; round < ROUNDS; round++) {
      for (int c = 0; c < contenders.length; c++) {
        long begin = THREADS.getCurrentThreadCpuTime();
        for (int call = 0; call < CALLS; call++) {
          contenders[c].run();
        }
        if (round >= 0) {
          micros[c][round] = (THREADS.getCurrentThreadCpuTime() - begin) / 1e3 / CALLS;
        }
      }
    }
    return Arrays.stream(micros).mapToDouble(DqnUpdateBenchmark::median).toArray();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
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

  /**
   * A learner makes its online network first and its target network second. The target network runs
   * in Java, and so does the online network's first pass after its parameters are set; its second
   * is differentiated and runs on ND4J.
   */
  private static Networks mixed() {
    boolean[] online = {false};
    return (spec, maxCount) -> {
      online[0] = !online[0];
      return new Mixed(new Nd4jNetworks().create(spec, maxCount), online[0], maxCount);
    };
  }

  private static final class Mixed implements Network {
    private final Network nd4j;
    private final ForwardPass java;
    private final boolean online;
    private boolean first;

    private Mixed(Network nd4j, boolean online, int maxCount) {
      this.nd4j = nd4j;
      this.online = online;
      java = ForwardPass.of(nd4j.spec(), maxCount);
    }

    @Override
    public NetworkSpec spec() {
      return nd4j.spec();
    }

    @Override
    public void parameters(float[] parameters) {
      java.parameters(parameters);
      nd4j.parameters(parameters);
      first = true;
    }

    @Override
    public void forward(float[] inputs, int count, float[] outputs) {
      if (first || !online) {
        java.forward(inputs, count, outputs);
      } else {
        nd4j.forward(inputs, count, outputs);
      }
      first = false;
    }

    @Override
    public void backward(float[] gradients, int count, float[] parameterGradients) {
      nd4j.backward(gradients, count, parameterGradients);
    }

    @Override
    public void close() {
      nd4j.close();
    }
  }
}
