package com.example.sluice;

import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.Update;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.NStepAccumulator;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.math.ImportanceWeights;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Head;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.EpsilonGreedy;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.Schedule;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * Q-learning with values linear in the observation (Sutton and Barto 2018, "Reinforcement
 * Learning", sections 6.5 and 9.4), from replay. With one-hot observations it is the tabular
 * algorithm.
 */
public final class LinearQ implements Algorithm {
  static final Option<Double> DISCOUNT =
      Option.declare("algorithm.discount")
          .number(0.9)
          .within(0, 1)
          .says("Worth of a reward one step later, relative to now.");

  static final Option<Double> EPSILON =
      Option.declare("algorithm.epsilon")
          .number(0.1)
          .within(0, 1)
          .says("Probability of a random action.");

  @Override
  public String name() {
    return "linear-q";
  }

  @Override
  public String sentence() {
    return "Q-learning with values linear in the observation; discrete actions.";
  }

  @Override
  public List<Option<?>> options() {
    return List.of(DISCOUNT, EPSILON, LearnerOptions.BATCH_SIZE, LearnerOptions.LEARNING_RATE);
  }

  @Override
  public ReplayAgent bind(EnvironmentSpec environment, int environments, Settings settings) {
    if (!(environment.actions() instanceof Space.Discrete actions)) {
      throw new IllegalArgumentException(
          "linear-q chooses among discrete actions, %s has actions in %s"
              .formatted(environment.name(), environment.actions()));
    }
    int observationSize = environment.observationSize();
    NetworkSpec values = new NetworkSpec(observationSize, List.of(), Head.LINEAR, actions.n());
    return new Bound(environments, settings, values);
  }

  private record Bound(int environments, Settings settings, NetworkSpec network)
      implements ReplayAgent {

    @Override
    public Policy policy() {
      double[] epsilons = EpsilonGreedy.ladder(settings.get(EPSILON), 0, environments);
      return new EpsilonGreedy(network, epsilons, Schedule.constant(0));
    }

    @Override
    public Accumulator<Transition> accumulator(int environment) {
      return new NStepAccumulator(environment, 1, settings.get(DISCOUNT), network.inputs(), 1);
    }

    @Override
    public ReplaySpec.Sampled replay() {
      return new ReplaySpec.Sampled(network.inputs(), 1, settings.count(LearnerOptions.BATCH_SIZE));
    }

    @Override
    public Learner<SampleBatch> learner(Networks networks, long seed) {
      return new LinearLearner(network, settings.get(LearnerOptions.LEARNING_RATE));
    }
  }

  /** All its parameters begin at 0, so it needs no seed; and the maths is its own. */
  private static final class LinearLearner implements Learner<SampleBatch> {
    private static final int VERSION = 1;

    private final NetworkSpec spec;
    private final float learningRate;
    private float[] parameters;

    LinearLearner(NetworkSpec spec, double learningRate) {
      this.spec = spec;
      this.learningRate = (float) learningRate;
      parameters = new float[spec.parameterCount()];
    }

    @Override
    public Update update(SampleBatch batch) {
      float[] weights = ImportanceWeights.of(batch.probabilities(), 1);
      float[] changed = parameters.clone();
      float[] errors = new float[batch.size()];
      double loss = 0;
      double values = 0;
      for (int i = 0; i < batch.size(); i++) {
        int from = i * spec.inputs();
        int action = (int) batch.actions()[i];
        float best = Float.NEGATIVE_INFINITY;
        for (int a = 0; a < spec.outputs(); a++) {
          best = Math.max(best, value(changed, batch.nextObservations(), from, a));
        }
        float value = value(changed, batch.observations(), from, action);
        float error = batch.rewards()[i] + batch.discounts()[i] * best - value;
        move(changed, batch.observations(), from, action, learningRate * weights[i] * error);
        errors[i] = Math.abs(error);
        loss += weights[i] * error * error / (2.0 * batch.size());
        values += value / batch.size();
      }
      double norm = distance(changed, parameters) / learningRate;
      if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
        return Update.dropped(loss, norm);
      }
      parameters = changed;
      return Update.of(loss, norm, values, errors);
    }

    /** Of weights {@code [in][out]}, then biases {@code [out]}: as every network lies. */
    private float value(float[] parameters, float[] observations, int from, int action) {
      float sum = parameters[spec.inputs() * spec.outputs() + action];
      for (int j = 0; j < spec.inputs(); j++) {
        sum += observations[from + j] * parameters[j * spec.outputs() + action];
      }
      return sum;
    }

    private void move(float[] parameters, float[] observations, int from, int action, float by) {
      for (int j = 0; j < spec.inputs(); j++) {
        parameters[j * spec.outputs() + action] += by * observations[from + j];
      }
      parameters[spec.inputs() * spec.outputs() + action] += by;
    }

    private static double distance(float[] a, float[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
      }
      return Math.sqrt(sum);
    }

    @Override
    public float[] parameters() {
      return parameters.clone();
    }

    @Override
    public void save(DataOutput out) throws IOException {
      out.writeInt(VERSION);
      out.writeInt(parameters.length);
      for (float parameter : parameters) {
        out.writeFloat(parameter);
      }
    }

    @Override
    public void restore(DataInput in) throws IOException {
      int version = in.readInt();
      int length = in.readInt();
      if (version != VERSION || length != parameters.length) {
        throw new IllegalStateException(
            "linear-q was saved by version %d with %d parameters, this is version %d with %d; resume with the environment of before"
                .formatted(version, length, VERSION, parameters.length));
      }
      for (int i = 0; i < length; i++) {
        parameters[i] = in.readFloat();
      }
    }
  }
}
