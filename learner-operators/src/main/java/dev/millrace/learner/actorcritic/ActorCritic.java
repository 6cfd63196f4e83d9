package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.config.Settings;
import dev.millrace.core.math.Distribution;
import dev.millrace.core.math.GlobalNorm;
import dev.millrace.core.math.Losses;
import dev.millrace.core.math.Optimizer;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.Networks;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The parameters of an actor and its critic, and how they are learned: the gradient of any policy
 * loss, with the critic's and the entropy's beside it, and the steps it becomes.
 */
final class ActorCritic implements AutoCloseable {
  private static final int VERSION = 1;

  /** What is to be learned from the actions taken in a few steps. */
  interface PolicyLoss {
    /**
     * @param logProbabilities {@code float[B]}, of the actions, by the present parameters
     * @param rows {@code int[B]}, which steps they are
     * @return the mean over them, with its gradient with respect to {@code logProbabilities}
     */
    Losses.Loss of(float[] logProbabilities, int[] rows);
  }

  /**
   * What is to be learned from all steps of a batch.
   *
   * @param policyLoss with its gradient with respect to the log-probabilities of the actions
   * @param targets {@code float[N]}, of the critic
   */
  record Lesson(Losses.Loss policyLoss, float[] targets) {}

  /** Judges a batch by what both networks answer to it. */
  interface Critique {
    /**
     * @param logProbabilities {@code float[N]}, of the actions, by the present parameters
     * @param values {@code float[N + K]} or longer, of all observations
     */
    Lesson of(float[] logProbabilities, float[] values);
  }

  /**
   * What a gradient came of, as means over its steps.
   *
   * @param policyLoss without entropy
   * @param valueLoss half the squared error of the critic
   * @param entropy of the policy, in nats
   */
  record Terms(double policyLoss, double valueLoss, double entropy) {
    static final Terms NONE = new Terms(0, 0, 0);

    Terms plus(Terms more, double share) {
      return new Terms(
          policyLoss + share * more.policyLoss,
          valueLoss + share * more.valueLoss,
          entropy + share * more.entropy);
    }
  }

  private final Actor actor;
  private final Distribution distribution;
  private final Networks networks;
  private final Optimizer optimizer;
  private final double gradientClip;
  private final double valueCoefficient;
  private final double entropyCoefficient;
  private final float[] parameters;
  private final float[] gradient;

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

  /**
   * @param rowsAtOnce that a network is given; the greatest B of a gradient over some of the steps
   * @param seed decides the initial parameters
   */
  ActorCritic(Actor actor, Networks networks, int rowsAtOnce, long seed) {
    this.actor = actor;
    this.networks = networks;
    Settings settings = actor.settings();
    distribution = actor.distribution();
    parameters = actor.initialParameters(seed);
    optimizer = LearnerOptions.optimizer(settings, parameters.length);
    gradientClip = settings.get(LearnerOptions.GRADIENT_CLIP);
    valueCoefficient = settings.get(ActorCriticOptions.VALUE_COEFFICIENT);
    entropyCoefficient = settings.get(ActorCriticOptions.ENTROPY_COEFFICIENT);
    gradient = new float[parameters.length];
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
    install();
  }

  private void install() {
    policy.parameters(policyParameters());
    critic.parameters(Arrays.copyOfRange(parameters, policyGradient.length, parameters.length));
  }

  /** A copy of the policy's parameters, {@code float[P]}, for normalized observations. */
  float[] policyParameters() {
    return Arrays.copyOf(parameters, policyGradient.length);
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
   * Adds to the gradient that of {@code loss - c_e entropy + c_v (v - target)² / 2}, averaged over
   * {@code rows}, times {@code share}.
   *
   * @param rows {@code int[B]}, which of the steps
   * @param targets {@code float[N]}, of the critic
   */
  Terms addGradient(Steps steps, int[] rows, float[] targets, PolicyLoss loss, double share) {
    int count = rows.length;
    for (int i = 0; i < count; i++) {
      copy(steps.observations(), rows[i], actor.network().inputs(), inputs, i, 1);
      copy(steps.rawActions(), rows[i], distribution.actionSize(), rawActions, i, 1);
    }
    double valueLoss = addCritic(rows, targets, share);
    policy.forward(inputs, count, outputs);
    float[] logProbabilities = new float[count];
    double entropy = 0;
    for (int i = 0; i < count; i++) {
      logProbabilities[i] = (float) distribution.logProbability(outputs, i, rawActions);
      entropy += distribution.entropy(outputs, i);
    }
    Losses.Loss policyLoss = loss.of(logProbabilities, rows);
    addPolicy(rawActions, count, policyLoss, share);
    return new Terms(policyLoss.value(), valueLoss, entropy / count);
  }

  /**
   * Adds to the gradient that of {@code loss - c_e entropy + c_v (v - target)² / 2}, averaged over
   * all steps, from a single pass of each network; room for them is made if there is too little.
   */
  Terms addGradient(Steps steps, Critique critique) {
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
    Lesson lesson = critique.of(logProbabilities, values);
    Losses.Loss valueLoss = Losses.squared(Arrays.copyOf(values, count), lesson.targets());
    float[] valueGradients = new float[rows]; // none for what trajectories ended with
    for (int i = 0; i < count; i++) {
      valueGradients[i] = (float) (valueCoefficient * valueLoss.gradient()[i]);
    }
    critic.backward(valueGradients, rows, criticGradient);
    add(criticGradient, policyGradient.length);
    addPolicy(steps.rawActions(), count, lesson.policyLoss(), 1);
    return new Terms(lesson.policyLoss().value(), valueLoss.value(), entropy / count);
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
    float[] wanted = new float[count];
    for (int i = 0; i < count; i++) {
      wanted[i] = targets[rows[i]];
    }
    Losses.Loss loss = Losses.squared(Arrays.copyOf(values, count), wanted);
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
      gradient[at + i] += part[i];
    }
  }

  /** The value of the whole loss. */
  double loss(Terms terms) {
    return terms.policyLoss
        + valueCoefficient * terms.valueLoss
        - entropyCoefficient * terms.entropy;
  }

  /**
   * Takes a step against the gradient, which begins anew; none if it is not finite.
   *
   * @return its norm before clipping
   */
  double apply() {
    double norm = GlobalNorm.clip(gradient, gradientClip);
    if (Double.isFinite(norm)) {
      optimizer.apply(parameters, gradient);
      install();
    }
    discard();
    return norm;
  }

  /** Begins the gradient anew without a step. */
  void discard() {
    Arrays.fill(gradient, 0);
  }

  /** Writes parameters and optimizer. */
  void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeUTF(shape());
    for (float parameter : parameters) {
      out.writeFloat(parameter);
    }
    optimizer.save(out);
  }

  /**
   * Continues what {@link #save} wrote.
   *
   * @throws IllegalStateException if it was written for other networks
   */
  void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "actor-critic version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    String saved = in.readUTF();
    if (!saved.equals(shape())) {
      throw new IllegalStateException(
          "learner was saved with networks %s, the configuration says %s: parameters cannot be continued in other networks; resume with those of before"
              .formatted(saved, shape()));
    }
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = in.readFloat();
    }
    optimizer.restore(in);
    install();
  }

  private String shape() {
    return actor.network() + " and " + actor.critic();
  }

  @Override
  public void close() {
    if (policy != null) {
      policy.close();
      critic.close();
    }
  }
}
