package dev.millrace.core.network;

import dev.millrace.core.network.NetworkSpec.Activation;

/**
 * Answers observations with a {@link NetworkSpec} in pure Java: how actors act, without native
 * code. Uses the Vector API where the JVM was started with {@code --add-modules
 * jdk.incubator.vector}, plain loops elsewhere. On one machine an observation's answer is the same
 * to the bit whatever else is in the batch. One instance is used by one thread.
 *
 * <p>The layers' widths are padded with zeros to whole vectors when parameters are set, so that the
 * product has no remainders and a layer of two or three outputs costs one vector. Padded outputs
 * are zero through every activation and are never read.
 */
public final class ForwardPass {
  private final NetworkSpec spec;
  private final int capacity;
  private final DenseKernel kernel;
  private final int[] widths;
  private final int[] padded;
  private final float[] parameters;
  private final float[][] activations;
  private final OutputHead head;

  private ForwardPass(NetworkSpec spec, int capacity, DenseKernel kernel) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "forward pass capacity=%d: must be at least 1 observation".formatted(capacity));
    }
    this.spec = spec;
    this.capacity = capacity;
    this.kernel = kernel;
    widths = spec.widths();
    padded = new int[widths.length];
    activations = new float[widths.length][];
    padded[0] = widths[0];
    int length = 0;
    for (int layer = 1; layer < widths.length; layer++) {
      int lanes = kernel.lanes();
      padded[layer] = (widths[layer] + lanes - 1) / lanes * lanes;
      length = Math.addExact(length, (widths[layer - 1] + 1) * padded[layer]);
      activations[layer] = new float[Math.multiplyExact(capacity, padded[layer])];
    }
    parameters = new float[length];
    head = new OutputHead(spec);
  }

  /**
   * A pass for up to {@code capacity} observations at a time; its parameters are zero until set.
   */
  public static ForwardPass of(NetworkSpec spec, int capacity) {
    return new ForwardPass(spec, capacity, Kernels.BEST);
  }

  static ForwardPass of(NetworkSpec spec, int capacity, DenseKernel kernel) {
    return new ForwardPass(spec, capacity, kernel);
  }

  /** Whether the Vector API is used, rather than plain loops. */
  public static boolean vectorized() {
    return !(Kernels.BEST instanceof LoopKernel);
  }

  public NetworkSpec spec() {
    return spec;
  }

  /**
   * Uses these parameters from now on.
   *
   * @param flat {@code float[P]} as {@link NetworkSpec} lays them out; copied
   * @throws IllegalArgumentException if it is not as long as the network's
   */
  public void parameters(float[] flat) {
    spec.checkParameters(flat);
    int from = 0;
    int to = 0;
    for (int layer = 1; layer < widths.length; layer++) {
      int rows = widths[layer - 1] + 1;
      if (widths[layer] == padded[layer]) {
        System.arraycopy(flat, from, parameters, to, rows * widths[layer]);
      } else {
        for (int row = 0; row < rows; row++) {
          int source = from + row * widths[layer];
          System.arraycopy(flat, source, parameters, to + row * padded[layer], widths[layer]);
        }
      }
      from += rows * widths[layer];
      to += rows * padded[layer];
    }
    head.parameters(flat);
  }

  /**
   * Answers {@code count} observations.
   *
   * @param inputs {@code float[count × in]} or longer
   * @param outputs filled with {@code [count × out]}
   * @throws IllegalArgumentException if {@code count} exceeds the capacity
   */
  public void forward(float[] inputs, int count, float[] outputs) {
    if (count > capacity) {
      throw new IllegalArgumentException(
          "count=%d observations: this pass has room for %d; make it with a greater capacity"
              .formatted(count, capacity));
    }
    float[] x = inputs;
    int weights = 0;
    for (int layer = 1; layer < widths.length; layer++) {
      int in = widths[layer - 1];
      int out = padded[layer];
      float[] y = activations[layer];
      kernel.multiply(
          x, padded[layer - 1], 1, count, in, parameters, weights, out, activation(layer), y);
      weights += (in + 1) * out;
      x = y;
    }
    head.forward(x, padded[padded.length - 1], count, outputs);
  }

  /** The fastest kernel that this JVM has. */
  static DenseKernel best() {
    return Kernels.BEST;
  }

  int capacity() {
    return capacity;
  }

  DenseKernel kernel() {
    return kernel;
  }

  OutputHead head() {
    return head;
  }

  /** The floats of a row of {@link #answers}; {@code layer} 0 is the observation. */
  int stride(int layer) {
    return padded[layer];
  }

  /** What layers 1 and up answered to the latest {@link #forward}, activation included. */
  float[] answers(int layer) {
    return activations[layer];
  }

  /** What follows the product of layers 1 and up; null for the last. */
  Activation activation(int layer) {
    return layer <= spec.hidden().size() ? spec.hidden().get(layer - 1).activation() : null;
  }

  /** Chosen once per JVM, so that a fallback is told once. */
  private static final class Kernels {
    static final DenseKernel BEST = best();

    private static DenseKernel best() {
      if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
        return new VectorKernel();
      }
      System.getLogger(ForwardPass.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "module jdk.incubator.vector is not there: policies act in plain loops, several times"
                  + " slower; start the JVM with --add-modules jdk.incubator.vector, on a cluster by"
                  + " Flink's env.java.opts.all");
      return new LoopKernel();
    }
  }
}
