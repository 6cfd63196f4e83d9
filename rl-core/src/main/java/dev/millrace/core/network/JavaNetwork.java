package dev.millrace.core.network;

import java.util.Arrays;

/**
 * A {@link ForwardPass} run backwards. With a layer's {@code Y = X W + b}, all three gradients are
 * products of the kind the forward pass consists of, so its kernel does them:
 *
 * <pre>
 *   dW = X^T dY + 0     X read transposed, where it lies
 *   db = 1^T dY + 0
 *   dX = dY W^T + 0     W transposed when it is first needed after parameters are set
 * </pre>
 */
final class JavaNetwork implements Network {
  private static final float[] ONE = {1};

  /** Rows transposed at a time: as many floats as a cache line holds, so that none is lost half. */
  private static final int TILE = 16;

  private final ForwardPass pass;
  private final NetworkSpec spec;
  private final int[] widths;
  private final float[] parameters;
  private final float[] inputs;

  /**
   * Index {@code l}: the gradient with respect to what layer {@code l} answers, in rows as wide as
   * the pass's, and room for a row of zeros after the last, which the products take for their bias.
   */
  private final float[][] deltas;

  /** Index {@code l}: {@code W^T} of layer {@code l} and a row of zeros; none for the first. */
  private final float[][] transposed;

  /** The gradient of one layer's weights, in padded rows. */
  private final float[] product;

  private boolean stale = true;
  private int latestCount;

  /** A network that answers with {@code pass}, which is then its own. */
  JavaNetwork(ForwardPass pass) {
    this.pass = pass;
    spec = pass.spec();
    widths = spec.widths();
    parameters = new float[spec.parameterCount()];
    inputs = new float[pass.capacity() * widths[0]];
    deltas = new float[widths.length][];
    transposed = new float[widths.length][];
    int longest = 0;
    for (int layer = 1; layer < widths.length; layer++) {
      deltas[layer] = new float[(pass.capacity() + 1) * pass.stride(layer)];
      longest = Math.max(longest, widths[layer - 1] * pass.stride(layer));
      if (layer > 1) {
        transposed[layer] = new float[(widths[layer] + 1) * pass.stride(layer - 1)];
      }
    }
    product = new float[longest];
  }

  @Override
  public NetworkSpec spec() {
    return spec;
  }

  @Override
  public void parameters(float[] values) {
    pass.parameters(values);
    System.arraycopy(values, 0, parameters, 0, values.length);
    stale = true;
  }

  @Override
  public void forward(float[] observations, int count, float[] outputs) {
    if (count < 1 || count > pass.capacity()) {
      throw new IllegalArgumentException(
          "count=%d: network %s was made for 1 to %d".formatted(count, spec, pass.capacity()));
    }
    latestCount = count;
    System.arraycopy(observations, 0, inputs, 0, count * widths[0]);
    pass.forward(inputs, count, outputs);
  }

  @Override
  public void backward(float[] outputGradients, int count, float[] parameterGradients) {
    if (count != latestCount) {
      throw new IllegalArgumentException(
          "count=%d: the latest forward pass of network %s had %d"
              .formatted(count, spec, latestCount));
    }
    if (stale) {
      transpose();
      stale = false;
    }
    int last = widths.length - 1;
    pass.head()
        .backward(outputGradients, count, deltas[last], pass.stride(last), parameterGradients);
    int end = parameters.length - spec.headParameters();
    for (int layer = last; layer > 0; layer--) {
      end -= (widths[layer - 1] + 1) * widths[layer];
      differentiate(layer, count, parameterGradients, end);
      if (layer > 1) {
        propagate(layer, count);
      }
    }
  }

  /** Fills in the gradient of one layer's weights and biases. */
  private void differentiate(int layer, int count, float[] parameterGradients, int from) {
    float[] dY = deltas[layer];
    int out = pass.stride(layer);
    Arrays.fill(dY, count * out, (count + 1) * out, 0f);
    float[] x = layer == 1 ? inputs : pass.answers(layer - 1);
    int in = widths[layer - 1];
    DenseKernel kernel = pass.kernel();
    kernel.multiply(x, 1, pass.stride(layer - 1), in, count, dY, 0, out, null, product);
    unpad(in, layer, parameterGradients, from);
    kernel.multiply(ONE, 0, 0, 1, count, dY, 0, out, null, product);
    unpad(1, layer, parameterGradients, from + in * widths[layer]);
  }

  private void unpad(int rows, int layer, float[] parameterGradients, int from) {
    int out = widths[layer];
    int stride = pass.stride(layer);
    if (out == stride) {
      System.arraycopy(product, 0, parameterGradients, from, rows * out);
      return;
    }
    for (int row = 0; row < rows; row++) {
      System.arraycopy(product, row * stride, parameterGradients, from + row * out, out);
    }
  }

  /** From the gradient with respect to a layer's answers to that of the layer before. */
  private void propagate(int layer, int count) {
    float[] dX = deltas[layer - 1];
    int in = pass.stride(layer - 1);
    int out = widths[layer];
    float[] dY = deltas[layer];
    DenseKernel kernel = pass.kernel();
    kernel.multiply(dY, pass.stride(layer), 1, count, out, transposed[layer], 0, in, null, dX);
    kernel.backpropagate(pass.activation(layer - 1), pass.answers(layer - 1), 0, dX, 0, count * in);
  }

  private void transpose() {
    int from = 0;
    for (int layer = 1; layer < widths.length; layer++) {
      int in = widths[layer - 1];
      int out = widths[layer];
      for (int q = 0; layer > 1 && q < in; q += TILE) {
        int end = Math.min(q + TILE, in);
        transpose(parameters, from, out, q, end, transposed[layer], pass.stride(layer - 1));
      }
      from += (in + 1) * out;
    }
  }

  /** Rows {@code first} to {@code end} of {@code W[in][out]} become columns. */
  private static void transpose(
      float[] w, int from, int out, int first, int end, float[] to, int stride) {
    for (int j = 0; j < out; j++) {
      for (int q = first; q < end; q++) {
        to[j * stride + q] = w[from + q * out + j];
      }
    }
  }
}
