package dev.millrace.benchmarks;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.Initialization;
import dev.millrace.core.network.JavaNetworks;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import dev.millrace.learner.network.Nd4jNetworks;
import java.util.List;
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
 * A gradient of 4-128-128-2, dueling: new parameters, forward and backward, on one thread, in Java
 * and on ND4J.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class NetworkBenchmark {
  @Param({"8", "64", "256"})
  public int count;

  private float[] parameters;
  private float[] observations;
  private float[] outputs;
  private float[] outputGradients;
  private float[] parameterGradients;
  private Network java;
  private Network nd4j;

  @Setup
  public void prepare() {
    Dense hidden = new Dense(128, Activation.RELU);
    NetworkSpec spec = new NetworkSpec(4, List.of(hidden, hidden), Head.DUELING, 2);
    SeededRandom random = new SeededRandom(1);
    parameters = Initialization.FAN_IN.parameters(spec, random);
    observations = gaussians(count * 4, random);
    outputs = new float[count * 2];
    outputGradients = gaussians(count * 2, random);
    parameterGradients = new float[spec.parameterCount()];
    java = new JavaNetworks().create(spec, count);
    java.parameters(parameters);
    nd4j = new Nd4jNetworks().create(spec, count);
    nd4j.parameters(parameters);
  }

  private static float[] gaussians(int length, SeededRandom random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @TearDown
  public void close() {
    nd4j.close();
  }

  @Benchmark
  @Fork(
      value = 1,
      jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
  public float[] vectors() {
    return gradient(java);
  }

  /** Parameters that stay, as for a gradient over several slices of a batch. */
  @Benchmark
  @Fork(
      value = 1,
      jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
  public float[] vectorsWithTheSameParameters() {
    return forwardAndBackward(java);
  }

  /** The fallback, where the module is missing. */
  @Benchmark
  @Fork(1)
  public float[] loops() {
    return gradient(java);
  }

  @Benchmark
  @Fork(1)
  public float[] nd4j() {
    return gradient(nd4j);
  }

  @Benchmark
  @Fork(1)
  public float[] nd4jWithTheSameParameters() {
    return forwardAndBackward(nd4j);
  }

  private float[] gradient(Network network) {
    network.parameters(parameters);
    return forwardAndBackward(network);
  }

  private float[] forwardAndBackward(Network network) {
    network.forward(observations, count, outputs);
    network.backward(outputGradients, count, parameterGradients);
    return parameterGradients;
  }
}
