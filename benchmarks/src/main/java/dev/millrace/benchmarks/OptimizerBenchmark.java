package dev.millrace.benchmarks;

import dev.millrace.core.math.GlobalNorm;
import dev.millrace.core.math.Optimizer;
import dev.millrace.core.math.SeededRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One step over the 17,539 parameters of a 4-128-128-2 dueling network. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OptimizerBenchmark {
  private static final int SIZE = 17_539;

  private final float[] parameters = new float[SIZE];
  private final float[] gradient = new float[SIZE];
  private Optimizer adam;
  private Optimizer rmsProp;

  @Setup
  public void prepare() {
    SeededRandom random = new SeededRandom(1);
    for (int i = 0; i < SIZE; i++) {
      parameters[i] = (float) random.nextGaussian();
      gradient[i] = (float) random.nextGaussian();
    }
    adam = Optimizer.adam(SIZE, 1e-3, 0.9, 0.999, 1e-8);
    rmsProp = Optimizer.rmsProp(SIZE, 1e-3, 0.99, 1e-8);
  }

  @Benchmark
  public float[] adam() {
    adam.apply(parameters, gradient);
    return parameters;
  }

  @Benchmark
  public float[] rmsProp() {
    rmsProp.apply(parameters, gradient);
    return parameters;
  }

  @Benchmark
  public double globalNorm() {
    return GlobalNorm.of(gradient);
  }
}
