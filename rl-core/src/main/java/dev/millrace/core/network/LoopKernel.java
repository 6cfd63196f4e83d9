package dev.millrace.core.network;

import dev.millrace.core.network.NetworkSpec.Activation;

/**
 * Plain loops that the JIT compiler vectorizes: four inputs at a time, so that a row of outputs is
 * read and written once for four rows of weights.
 */
final class LoopKernel implements DenseKernel {

  /** Below this width the loops over outputs are too short; the loop over inputs is unrolled. */
  private static final int NARROW = 8;

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void multiply(
      float[] x,
      int xStride,
      int xStep,
      int count,
      int in,
      float[] parameters,
      int weights,
      int width,
      Activation activation,
      float[] y) {
    for (int i = 0; i < count; i++) {
      int to = i * width;
      if (width < NARROW) {
        narrow(x, i * xStride, xStep, in, parameters, weights, width, y, to);
      } else {
        wide(x, i * xStride, xStep, in, parameters, weights, width, y, to);
      }
    }
    if (activation != null) {
      activate(activation, y, count * width);
    }
  }

  @Override
  public void activate(Activation activation, float[] y, int length) {
    if (activation == Activation.RELU) {
      for (int j = 0; j < length; j++) {
        y[j] = Math.max(0f, y[j]);
      }
      return;
    }
    for (int j = 0; j < length; j++) {
      y[j] = (float) Math.tanh(y[j]);
    }
  }

  @Override
  public void backpropagate(
      Activation activation, float[] y, int yFrom, float[] g, int gFrom, int length) {
    if (activation == Activation.RELU) {
      for (int j = 0; j < length; j++) {
        g[gFrom + j] = y[yFrom + j] > 0f ? g[gFrom + j] : 0f;
      }
      return;
    }
    for (int j = 0; j < length; j++) {
      g[gFrom + j] *= 1f - y[yFrom + j] * y[yFrom + j];
    }
  }

  private static void wide(
      float[] x, int from, int step, int in, float[] p, int weights, int width, float[] y, int to) {
    System.arraycopy(p, weights + in * width, y, to, width);
    int q = 0;
    for (; q + 3 < in; q += 4) {
      fourRows(x, from + q * step, step, p, weights + q * width, width, y, to);
    }
    for (; q < in; q++) {
      float s = x[from + q * step];
      int row = weights + q * width;
      for (int j = 0; j < width; j++) {
        y[to + j] += s * p[row + j];
      }
    }
  }

  private static void fourRows(
      float[] x, int from, int step, float[] p, int row0, int width, float[] y, int to) {
    float s0 = x[from];
    float s1 = x[from + step];
    float s2 = x[from + 2 * step];
    float s3 = x[from + 3 * step];
    int row1 = row0 + width;
    int row2 = row1 + width;
    int row3 = row2 + width;
    for (int j = 0; j < width; j++) {
      y[to + j] += s0 * p[row0 + j] + s1 * p[row1 + j] + s2 * p[row2 + j] + s3 * p[row3 + j];
    }
  }

  private static void narrow(
      float[] x, int from, int step, int in, float[] p, int weights, int width, float[] y, int to) {
    for (int j = 0; j < width; j++) {
      float s0 = p[weights + in * width + j];
      float s1 = 0;
      int at = weights + j;
      int q = 0;
      for (; q + 1 < in; q += 2, at += 2 * width) {
        s0 += x[from + q * step] * p[at];
        s1 += x[from + (q + 1) * step] * p[at + width];
      }
      y[to + j] = q < in ? s0 + s1 + x[from + q * step] * p[at] : s0 + s1;
    }
  }
}
