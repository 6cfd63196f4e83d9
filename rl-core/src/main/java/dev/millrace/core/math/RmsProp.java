package dev.millrace.core.math;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** See {@link Optimizer#rmsProp}. */
final class RmsProp implements Optimizer {
  private final float learningRate;
  private final double smoothing;
  private final float epsilon;
  private final Moments moments;

  RmsProp(int size, double learningRate, double smoothing, double epsilon) {
    Shapes.requireWithin("learning rate", learningRate, learningRate > 0, "greater than 0");
    Shapes.requireWithin(
        "smoothing", smoothing, smoothing >= 0 && smoothing < 1, "at least 0 and below 1");
    Shapes.requireWithin("epsilon", epsilon, epsilon > 0, "greater than 0");
    this.learningRate = (float) learningRate;
    this.smoothing = smoothing;
    this.epsilon = (float) epsilon;
    moments = new Moments("rmsprop", size, 1);
  }

  @Override
  public void apply(float[] parameters, float[] gradient) {
    moments.requireLengths(parameters, gradient);
    moments.step++;
    float[] second = moments.means[0];
    float rate = learningRate;
    float keep = (float) smoothing;
    float take = (float) (1 - smoothing);
    float least = epsilon;
    for (int i = 0; i < parameters.length; i++) {
      float g = gradient[i];
      float v = keep * second[i] + take * g * g;
      second[i] = v;
      parameters[i] -= rate * g / ((float) Math.sqrt(v) + least);
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
