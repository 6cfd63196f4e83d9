package dev.millrace.core.math;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** See {@link Optimizer#adam}. */
final class Adam implements Optimizer {
  private final double learningRate;
  private final double beta1;
  private final double beta2;
  private final float epsilon;
  private final Moments moments;

  Adam(int size, double learningRate, double beta1, double beta2, double epsilon) {
    Shapes.requireWithin("learning rate", learningRate, learningRate > 0, "greater than 0");
    Shapes.requireWithin("beta1", beta1, beta1 >= 0 && beta1 < 1, "at least 0 and below 1");
    Shapes.requireWithin("beta2", beta2, beta2 >= 0 && beta2 < 1, "at least 0 and below 1");
    Shapes.requireWithin("epsilon", epsilon, epsilon > 0, "greater than 0");
    this.learningRate = learningRate;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = (float) epsilon;
    moments = new Moments("adam", size, 2);
  }

  @Override
  public void apply(float[] parameters, float[] gradient) {
    moments.requireLengths(parameters, gradient);
    moments.step++;
    double correction1 = 1 - Math.pow(beta1, moments.step);
    double correction2 = 1 - Math.pow(beta2, moments.step);
    float stepSize = (float) (learningRate / correction1);
    float rootCorrection = (float) (1 / Math.sqrt(correction2));
    update(parameters, gradient, stepSize, rootCorrection);
  }

  /** The loop by itself, over local variables only, so that the compiler vectorizes it. */
  private void update(float[] parameters, float[] gradient, float stepSize, float rootCorrection) {
    float[] first = moments.means[0];
    float[] second = moments.means[1];
    float keep1 = (float) beta1;
    float take1 = (float) (1 - beta1);
    float keep2 = (float) beta2;
    float take2 = (float) (1 - beta2);
    float least = epsilon;
    for (int i = 0; i < parameters.length; i++) {
      float g = gradient[i];
      float m = keep1 * first[i] + take1 * g;
      float v = keep2 * second[i] + take2 * g * g;
      first[i] = m;
      second[i] = v;
      parameters[i] -= stepSize * m / ((float) Math.sqrt(v) * rootCorrection + least);
    }
  }

  @Override
  public long step() {
    return moments.step;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    moments.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    moments.restore(in);
  }
}
