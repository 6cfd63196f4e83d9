package dev.millrace.env;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.Policy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Acts at random among three actions, shifted by its only parameter and what it observes; annotates
 * with the clock. Remembers single steps, each held back until two more have been decided upon.
 */
final class TestingAgent implements ReplayAgent {
  static final int DELAY = 2;

  @Override
  public NetworkSpec network() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ReplaySpec.Sampled replay() {
    return new ReplaySpec.Sampled(2, 1, 1);
  }

  @Override
  public Learner<SampleBatch> learner(Networks networks, long seed) {
    throw new UnsupportedOperationException();
  }

  @Override
  public TestingPolicy policy() {
    return new TestingPolicy();
  }

  @Override
  public Accumulator<Transition> accumulator(int environment) {
    return new TestingAccumulator(environment);
  }

  static final class TestingPolicy implements Policy {
    private float[] parameters = new float[1];

    @Override
    public int annotationSize() {
      return 1;
    }

    @Override
    public void install(float[] parameters) {
      if (parameters.length != 1) {
        throw new IllegalArgumentException(
            "parameters=float[" + parameters.length + "]: must be 1");
      }
      this.parameters = parameters;
    }

    @Override
    public void act(ActingBatch batch) {
      for (int i = 0; i < batch.count; i++) {
        int seen = (int) (8 * batch.observations[2 * i + 1]);
        batch.actions[i] = (batch.randoms[i].nextInt(3) + seen + (int) parameters[0]) % 3;
        batch.annotations[i] = batch.environmentSteps;
      }
    }
  }

  private static final class TestingAccumulator implements Accumulator<Transition> {
    private final int environment;
    private final ArrayDeque<Transition> pending = new ArrayDeque<>();
    private float[] latest;
    private long step;
    private Transition decided;

    TestingAccumulator(int environment) {
      this.environment = environment;
    }

    @Override
    public void begin(long step, float[] observation) {
      if (latest != null) {
        throw new IllegalStateException("an episode is under way");
      }
      this.step = step;
      latest = observation;
    }

    @Override
    public void decided(
        ParameterVersion version,
        float[] actions,
        int actionOffset,
        float[] annotations,
        int annotationOffset,
        Consumer<Transition> completed) {
      if (pending.size() == DELAY) {
        completed.accept(pending.poll());
      }
      float[] action = Arrays.copyOfRange(actions, actionOffset, actionOffset + 1);
      float annotation = annotations[annotationOffset];
      decided =
          new Transition(environment, step++, version, latest, action, 0, 1, null, annotation);
    }

    @Override
    public void stepped(TimeStep next, Consumer<Transition> completed) {
      pending.add(
          new Transition(
              environment,
              decided.step(),
              decided.version(),
              decided.observation(),
              decided.action(),
              next.reward(),
              next.discount(),
              next.observation(),
              decided.priority()));
      decided = null;
      latest = next.observation();
      if (next.last()) {
        pending.forEach(completed);
        pending.clear();
        latest = null;
      }
    }

    @Override
    public int abandon() {
      int dropped = pending.size() + (decided == null ? 0 : 1);
      pending.clear();
      decided = null;
      latest = null;
      return dropped;
    }

    @Override
    public void save(DataOutput out) throws IOException {
      out.writeLong(step);
      out.writeBoolean(latest != null);
      if (latest != null) {
        write(latest, out);
      }
      out.writeInt(pending.size());
      for (Transition transition : pending) {
        out.writeLong(transition.step());
        out.writeLong(transition.version().epoch());
        out.writeLong(transition.version().step());
        write(transition.observation(), out);
        out.writeFloat(transition.action()[0]);
        out.writeFloat(transition.reward());
        out.writeFloat(transition.discount());
        write(transition.nextObservation(), out);
        out.writeFloat(transition.priority());
      }
    }

    @Override
    public void restore(DataInput in) throws IOException {
      step = in.readLong();
      latest = in.readBoolean() ? read(in) : null;
      pending.clear();
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        pending.add(
            new Transition(
                environment,
                in.readLong(),
                new ParameterVersion(in.readLong(), in.readLong()),
                read(in),
                new float[] {in.readFloat()},
                in.readFloat(),
                in.readFloat(),
                read(in),
                in.readFloat()));
      }
    }

    private static void write(float[] values, DataOutput out) throws IOException {
      for (float value : values) {
        out.writeFloat(value);
      }
    }

    private static float[] read(DataInput in) throws IOException {
      return new float[] {in.readFloat(), in.readFloat()};
    }
  }
}
