package dev.millrace.core.math;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Turns gradients into steps over one flat parameter vector, and remembers what it needs to. */
public interface Optimizer {

  /**
   * Moves {@code parameters} against {@code gradient}. Checks the lengths, not that the gradient is
   * finite: one that is not spoils the optimizer for good.
   *
   * @param parameters {@code float[P]}, changed
   * @param gradient {@code float[P]}, of a loss to be made smaller
   */
  void apply(float[] parameters, float[] gradient);

  /** How many gradients were applied. */
  long step();

  /** Writes a versioned record of everything but the configuration. */
  void save(DataOutput out) throws IOException;

  /**
   * Continues what {@link #save} wrote.
   *
   * @throws IllegalStateException if another kind of optimizer, or one of another length, wrote it
   */
  void restore(DataInput in) throws IOException;

  /**
   * Adam (Kingma and Ba 2015, algorithm 1), with its terms in the order of PyTorch's {@code
   * torch.optim.Adam}.
   *
   * @param size P
   * @param learningRate PyTorch's default is 0.001
   * @param beta1 0.9 there
   * @param beta2 0.999 there
   * @param epsilon 1e-8 there; added to the root of the corrected second moment
   */
  static Optimizer adam(int size, double learningRate, double beta1, double beta2, double epsilon) {
    return new Adam(size, learningRate, beta1, beta2, epsilon);
  }

  /**
   * RMSProp (Tieleman and Hinton 2012, "Neural Networks for Machine Learning", lecture 6.5),
   * without momentum and not centred, as PyTorch's {@code torch.optim.RMSprop}.
   *
   * @param size P
   * @param learningRate PyTorch's default is 0.01
   * @param smoothing called alpha and 0.99 there
   * @param epsilon 1e-8 there; added to the root of the second moment
   */
  static Optimizer rmsProp(int size, double learningRate, double smoothing, double epsilon) {
    return new RmsProp(size, learningRate, smoothing, epsilon);
  }
}
