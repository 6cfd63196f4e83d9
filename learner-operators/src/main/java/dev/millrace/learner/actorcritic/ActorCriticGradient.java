package dev.millrace.learner.actorcritic;

import dev.millrace.core.config.Settings;
import dev.millrace.core.math.Distribution;
import dev.millrace.core.math.Losses;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.Networks;
import java.util.Arrays;

/**
 * The gradient of any policy loss, with the critic's and the entropy's beside it: what learners
 * find in their own networks, and workers in those of the parameters they acted with.
 */
final class ActorCriticGradient implements AutoCloseable {
  private final Actor actor;
  private final Distribution distribution;
  private final Networks networks;
  private final double valueCoefficient;
  private final double entropyCoefficient;
  private final float[] sum;

  private final float[] policyGradient;
  private final float[] criticGradient;

  private int rowsAtOnce;
  private Network policy;
  private Network critic;
  private float[] inputs;
  private float[] rawActions;
  private float[] outputs;
  private float[] outputGradients;
  private float[] values;
  private float[] installed;

  /**
   * @param rowsAtOnce that a network is given; the greatest B of a gradient over some of the steps
   */
  ActorCriticGradient(Actor actor, Networks networks, int rowsAtOnce) {
    this.actor = actor;
    this.networks = networks;
    Settings settings = actor.settings();
    distribution = actor.distribution();
    valueCoefficient = settings.get(ActorCriticOptions.VALUE_COEFFICIENT);
    entropyCoefficient = settings.get(ActorCriticOptions.ENTROPY_COEFFICIENT);
    sum = new float[actor.parameterCount()];
    policyGradient = new float[actor.network().parameterCount()];
    criticGradient = new float[actor.critic().parameterCount()];
    makeRoom(rowsAtOnce);
  }

  private void makeRoom(int rows) {
    if (rows <= rowsAtOnce) {
      return;
    }
    close();
    rowsAtOnce = rows;
    policy = networks.create(actor.network(), rows);
    critic = networks.create(actor.critic(), rows);
    inputs = new float[rows * actor.network().inputs()];
    rawActions = new float[rows * distribution.actionSize()];
    outputs = new float[rows * distribution.parameters()];
    outputGradients = new float[outputs.length];
    values = new float[rows];
    if (installed != null) {
      install(installed);
    }
  }

  /**
   * Goes on with these parameters.
   *
   * @param parameters {@code float[P]}, the policy's and then the critic's; not changed without
   *     being installed again
   */
  void install(float[] parameters) {
    installed = parameters;
    policy.parameters(Arrays.copyOf(parameters, policyGradient.length));
    critic.parameters(Arrays.copyOfRange(parameters, policyGradient.length, parameters.length));
  }

  /** The critic's values of all observations of {@code steps}, {@code float[N + K]}. */
  float[] values(Steps steps) {
    float[] all = new float[steps.batch().rows()];
    for (int from = 0; from < all.length; from += rowsAtOnce) {
      int count = Math.min(rowsAtOnce, all.length - from);
      copy(steps.observations(), from, actor.network().inputs(), inputs, 0, count);
      critic.forward(inputs, count, values);
      System.arraycopy(values, 0, all, from, count);
    }
    return all;
  }

  /**
   * What the present policy would have drawn the actions of {@code steps} with, {@code float[N]}.
   */
  float[] logProbabilities(Steps steps) {
    float[] all = new float[steps.count()];
    for (int from = 0; from < all.length; from += rowsAtOnce) {
      int count = Math.min(rowsAtOnce, all.length - from);
      copy(steps.observations(), from, actor.network().inputs(), inputs, 0, count);
      copy(steps.rawActions(), from, distribution.actionSize(), rawActions, 0, count);
      policy.forward(inputs, count, outputs);
      for (int i = 0; i < count; i++) {
        all[from + i] = (float) distribution.logProbability(outputs, i, rawActions);
      }
    }
    return all;
  }

  private static void copy(float[] from, int row, int width, float[] to, int toRow, int count) {
    System.arraycopy(from, row * width, to, toRow * width, count * width);
  }

  /**
   * Adds the gradient of {@code loss - c_e entropy + c_v (v - target)² / 2}, averaged over {@code
   * rows}, times {@code share}.
   *
   * @param rows {@code int[B]}, which of the steps
   * @param targets {@code float[N]}, of the critic; null if it is not to be learned
   */
  ActorCritic.Terms add(
      Steps steps, int[] rows, float[] targets, ActorCritic.PolicyLoss loss, double share) {
    int count = rows.length;
    for (int i = 0; i < count; i++) {
      copy(steps.observations(), rows[i], actor.network().inputs(), inputs, i, 1);
      copy(steps.rawActions(), rows[i], distribution.actionSize(), rawActions, i, 1);
    }
    double valueLoss = targets == null ? 0 : addCritic(rows, targets, share);
    policy.forward(inputs, count, outputs);
    float[] logProbabilities = new float[count];
    double entropy = 0;
    for (int i = 0; i < count; i++) {
      logProbabilities[i] = (float) distribution.logProbability(outputs, i, rawActions);
      entropy += distribution.entropy(outputs, i);
    }
    Losses.Loss policyLoss = loss.of(logProbabilities, rows);
    addPolicy(rawActions, count, policyLoss, share);
    return new ActorCritic.Terms(policyLoss.value(), valueLoss, entropy / count);
  }

  /**
   * Adds the gradient of {@code loss - c_e entropy + c_v (v - target)² / 2}, averaged over all
   * steps, from a single pass of each network; room for them is made if there is too little.
   */
  ActorCritic.Terms add(Steps steps, ActorCritic.Critique critique) {
    int count = steps.count();
    int rows = steps.batch().rows();
    makeRoom(rows);
    critic.forward(steps.observations(), rows, values);
    policy.forward(steps.observations(), count, outputs);
    float[] logProbabilities = new float[count];
    double entropy = 0;
    for (int i = 0; i < count; i++) {
      logProbabilities[i] = (float) distribution.logProbability(outputs, i, steps.rawActions());
      entropy += distribution.entropy(outputs, i);
    }
    ActorCritic.Lesson lesson = critique.of(logProbabilities, values);
    Losses.Loss valueLoss = Losses.squared(Arrays.copyOf(values, count), lesson.targets());
    float[] valueGradients = new float[rows]; // none for what trajectories ended with
    for (int i = 0; i < count; i++) {
      valueGradients[i] = (float) (valueCoefficient * valueLoss.gradient()[i]);
    }
    critic.backward(valueGradients, rows, criticGradient);
    add(criticGradient, policyGradient.length);
    addPolicy(steps.rawActions(), count, lesson.policyLoss(), 1);
    return new ActorCritic.Terms(lesson.policyLoss().value(), valueLoss.value(), entropy / count);
  }

  private void addPolicy(float[] actions, int count, Losses.Loss loss, double share) {
    Arrays.fill(outputGradients, 0, count * distribution.parameters(), 0);
    for (int i = 0; i < count; i++) {
      distribution.addLogProbabilityGradient(
          outputs, i, actions, share * loss.gradient()[i], outputGradients);
      distribution.addEntropyGradient(
          outputs, i, -share * entropyCoefficient / count, outputGradients);
    }
    policy.backward(outputGradients, count, policyGradient);
    add(policyGradient, 0);
  }

  private double addCritic(int[] rows, float[] targets, double share) {
    int count = rows.length;
    critic.forward(inputs, count, values);
    Losses.Loss loss = Losses.squared(Arrays.copyOf(values, count), Steps.gathered(targets, rows));
    float[] valueGradients = loss.gradient();
    for (int i = 0; i < count; i++) {
      valueGradients[i] *= (float) (share * valueCoefficient);
    }
    critic.backward(valueGradients, count, criticGradient);
    add(criticGradient, policyGradient.length);
    return loss.value();
  }

  private void add(float[] part, int at) {
    for (int i = 0; i < part.length; i++) {
      sum[at + i] += part[i];
    }
  }

  /** The value of the whole loss. */
  double loss(ActorCritic.Terms terms) {
    return terms.policyLoss()
        + valueCoefficient * terms.valueLoss()
        - entropyCoefficient * terms.entropy();
  }

  /** All that was added, {@code float[P]}; not a copy. */
  float[] sum() {
    return sum;
  }

  /** Begins a new sum. */
  void clear() {
    Arrays.fill(sum, 0);
  }

  @Override
  public void close() {
    if (policy != null) {
      policy.close();
      critic.close();
    }
  }
}
