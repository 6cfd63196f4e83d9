package dev.millrace.job.config;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.policy.ParameterVersion;
import java.io.DataInput;
import java.io.DataOutput;
import java.util.function.Consumer;

/** Holds back a fixed number of steps and forgets the rest. */
final class TestingAccumulator implements Accumulator<Transition> {
  private final int steps;
  private int held;

  TestingAccumulator(int steps) {
    this.steps = steps;
  }

  @Override
  public void begin(long step, float[] observation) {
    held = 0;
  }

  @Override
  public void decided(
      ParameterVersion version,
      float[] actions,
      int actionOffset,
      float[] annotations,
      int annotationOffset,
      Consumer<Transition> completed) {
    held = Math.min(steps, held + 1);
  }

  @Override
  public void stepped(TimeStep next, Consumer<Transition> completed) {}

  @Override
  public int abandon() {
    return held;
  }

  @Override
  public void save(DataOutput out) {}

  @Override
  public void restore(DataInput in) {}
}
