package dev.millrace.benchmarks;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.experience.NStepAccumulator;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.policy.ParameterVersion;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
import org.openjdk.jmh.infra.Blackhole;

/** One environment step through the accumulator, the observation's allocation included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AccumulatorBenchmark {
  private static final ParameterVersion VERSION = new ParameterVersion(1, 1);

  @Param({"1", "3", "10"})
  public int n;

  private final float[] actions = {1};
  private final float[] annotations = {0.5f, 0.75f};
  private NStepAccumulator accumulator;
  private Consumer<Transition> completed;

  @Setup
  public void prepare(Blackhole sink) {
    accumulator = new NStepAccumulator(0, n, 0.99, 4, 1);
    accumulator.begin(0, new float[4]);
    completed = sink::consume;
  }

  @Benchmark
  public void step() {
    accumulator.decided(VERSION, actions, 0, annotations, 0, completed);
    accumulator.stepped(TimeStep.mid(new float[4], 1), completed);
  }
}
