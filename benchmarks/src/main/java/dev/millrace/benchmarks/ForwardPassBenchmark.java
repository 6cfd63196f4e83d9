package dev.millrace.benchmarks;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.network.Initialization;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
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
import org.openjdk.jmh.annotations.Warmup;

/** Time to answer a whole batch; divide by {@code batch} for one observation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ForwardPassBenchmark {
  @Param({"1", "8", "64"})
  public int batch;

  private ForwardPass pass;
  private float[] inputs;
  private float[] outputs;

  @Setup
  public void prepare() {
    Dense hidden = new Dense(128, Activation.RELU);
    NetworkSpec spec = new NetworkSpec(4, List.of(hidden, hidden), Head.DUELING, 2);
    SeededRandom random = new SeededRandom(1);
    pass = ForwardPass.of(spec, batch);
    pass.parameters(Initialization.FAN_IN.parameters(spec, random));
    inputs = new float[batch * 4];
    outputs = new float[batch * 2];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
  }

  @Benchmark
  @Fork(
      value = 1,
      jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
  public float[] vectors() {
    pass.forward(inputs, batch, outputs);
    return outputs;
  }

  /** The fallback, where the module is missing. */
  @Benchmark
  @Fork(1)
  public float[] loops() {
    pass.forward(inputs, batch, outputs);
    return outputs;
  }
}
