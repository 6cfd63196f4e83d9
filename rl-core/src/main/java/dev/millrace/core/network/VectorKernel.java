package dev.millrace.core.network;

import dev.millrace.core.network.NetworkSpec.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The product with the Vector API, in blocks of four observations by two vectors of outputs: each
 * weight is loaded once for four observations, and eight sums stay in registers, which hides the
 * latency of a fused multiply-add. A single observation takes four vectors of outputs at a time for
 * the same reason. Every form adds up in the same order, so an observation's answer is the same to
 * the bit whatever else is in the batch.
 *
 * <p>The blocks are written out, at the price of long methods, because only local variables become
 * registers. Rows that are missing from the last block of four repeat its last row.
 *
 * <p>Load this class only where the module {@code jdk.incubator.vector} is present.
 */
final class VectorKernel implements DenseKernel {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  @Override
  public int lanes() {
    return LANES;
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
    int i = 0;
    for (; i + 1 < count; i += 4) {
      int last = Math.min(i + 3, count - 1);
      int third = Math.min(i + 2, last);
      int j = 0;
      for (; j + 2 * LANES <= width; j += 2 * LANES) {
        fourByTwo(x, xStride, xStep, i, third, last, in, parameters, weights, width, j, y);
      }
      if (j < width) {
        fourByOne(x, xStride, xStep, i, third, last, in, parameters, weights, width, j, y);
      }
    }
    if (i < count) {
      one(x, i * xStride, xStep, in, parameters, weights, width, y, i * width);
    }
    if (activation != null) {
      activate(activation, y, count * width);
    }
  }

  private static void fourByTwo(
      float[] x,
      int xStride,
      int xStep,
      int row,
      int third,
      int last,
      int in,
      float[] p,
      int weights,
      int width,
      int column,
      float[] y) {
    int bias = weights + in * width + column;
    FloatVector a0 = FloatVector.fromArray(SPECIES, p, bias);
    FloatVector b0 = FloatVector.fromArray(SPECIES, p, bias + LANES);
    FloatVector a1 = a0;
    FloatVector b1 = b0;
    FloatVector a2 = a0;
    FloatVector b2 = b0;
    FloatVector a3 = a0;
    FloatVector b3 = b0;
    int x0 = row * xStride;
    int x1 = x0 + xStride;
    int x2 = third * xStride;
    int x3 = last * xStride;
    for (int q = 0, o = 0, at = weights + column; q < in; q++, o += xStep, at += width) {
      FloatVector v = FloatVector.fromArray(SPECIES, p, at);
      FloatVector w = FloatVector.fromArray(SPECIES, p, at + LANES);
      FloatVector s0 = FloatVector.broadcast(SPECIES, x[x0 + o]);
      FloatVector s1 = FloatVector.broadcast(SPECIES, x[x1 + o]);
      FloatVector s2 = FloatVector.broadcast(SPECIES, x[x2 + o]);
      FloatVector s3 = FloatVector.broadcast(SPECIES, x[x3 + o]);
      a0 = s0.fma(v, a0);
      b0 = s0.fma(w, b0);
      a1 = s1.fma(v, a1);
      b1 = s1.fma(w, b1);
      a2 = s2.fma(v, a2);
      b2 = s2.fma(w, b2);
      a3 = s3.fma(v, a3);
      b3 = s3.fma(w, b3);
    }
    a0.intoArray(y, row * width + column);
    b0.intoArray(y, row * width + column + LANES);
    a1.intoArray(y, (row + 1) * width + column);
    b1.intoArray(y, (row + 1) * width + column + LANES);
    a2.intoArray(y, third * width + column);
    b2.intoArray(y, third * width + column + LANES);
    a3.intoArray(y, last * width + column);
    b3.intoArray(y, last * width + column + LANES);
  }

  private static void fourByOne(
      float[] x,
      int xStride,
      int xStep,
      int row,
      int third,
      int last,
      int in,
      float[] p,
      int weights,
      int width,
      int column,
      float[] y) {
    FloatVector a0 = FloatVector.fromArray(SPECIES, p, weights + in * width + column);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    int x0 = row * xStride;
    int x1 = x0 + xStride;
    int x2 = third * xStride;
    int x3 = last * xStride;
    for (int q = 0, o = 0, at = weights + column; q < in; q++, o += xStep, at += width) {
      FloatVector v = FloatVector.fromArray(SPECIES, p, at);
      a0 = FloatVector.broadcast(SPECIES, x[x0 + o]).fma(v, a0);
      a1 = FloatVector.broadcast(SPECIES, x[x1 + o]).fma(v, a1);
      a2 = FloatVector.broadcast(SPECIES, x[x2 + o]).fma(v, a2);
      a3 = FloatVector.broadcast(SPECIES, x[x3 + o]).fma(v, a3);
    }
    a0.intoArray(y, row * width + column);
    a1.intoArray(y, (row + 1) * width + column);
    a2.intoArray(y, third * width + column);
    a3.intoArray(y, last * width + column);
  }

  private static void one(
      float[] x, int from, int step, int in, float[] p, int weights, int width, float[] y, int to) {
    int j = 0;
    for (; j + 4 * LANES <= width; j += 4 * LANES) {
      oneByFour(x, from, step, in, p, weights, width, j, y, to);
    }
    for (; j < width; j += LANES) {
      oneByOne(x, from, step, in, p, weights, width, j, y, to);
    }
  }

  private static void oneByFour(
      float[] x,
      int from,
      int step,
      int in,
      float[] p,
      int weights,
      int width,
      int column,
      float[] y,
      int to) {
    int bias = weights + in * width + column;
    FloatVector a = FloatVector.fromArray(SPECIES, p, bias);
    FloatVector b = FloatVector.fromArray(SPECIES, p, bias + LANES);
    FloatVector c = FloatVector.fromArray(SPECIES, p, bias + 2 * LANES);
    FloatVector d = FloatVector.fromArray(SPECIES, p, bias + 3 * LANES);
    for (int q = 0, at = weights + column; q < in; q++, at += width) {
      FloatVector s = FloatVector.broadcast(SPECIES, x[from + q * step]);
      a = s.fma(FloatVector.fromArray(SPECIES, p, at), a);
      b = s.fma(FloatVector.fromArray(SPECIES, p, at + LANES), b);
      c = s.fma(FloatVector.fromArray(SPECIES, p, at + 2 * LANES), c);
      d = s.fma(FloatVector.fromArray(SPECIES, p, at + 3 * LANES), d);
    }
    a.intoArray(y, to + column);
    b.intoArray(y, to + column + LANES);
    c.intoArray(y, to + column + 2 * LANES);
    d.intoArray(y, to + column + 3 * LANES);
  }

  private static void oneByOne(
      float[] x,
      int from,
      int step,
      int in,
      float[] p,
      int weights,
      int width,
      int column,
      float[] y,
      int to) {
    FloatVector a = FloatVector.fromArray(SPECIES, p, weights + in * width + column);
    for (int q = 0, at = weights + column; q < in; q++, at += width) {
      FloatVector v = FloatVector.fromArray(SPECIES, p, at);
      a = FloatVector.broadcast(SPECIES, x[from + q * step]).fma(v, a);
    }
    a.intoArray(y, to + column);
  }

  @Override
  public void activate(Activation activation, float[] y, int length) {
    int j = 0;
    for (; j + LANES <= length; j += LANES) {
      activated(activation, FloatVector.fromArray(SPECIES, y, j)).intoArray(y, j);
    }
    if (j < length) {
      VectorMask<Float> rest = SPECIES.indexInRange(j, length);
      activated(activation, FloatVector.fromArray(SPECIES, y, j, rest)).intoArray(y, j, rest);
    }
  }

  private static FloatVector activated(Activation activation, FloatVector x) {
    return activation == Activation.RELU ? x.max(FloatVector.zero(SPECIES)) : VectorTanh.of(x);
  }

  @Override
  public void backpropagate(
      Activation activation, float[] y, int yFrom, float[] g, int gFrom, int length) {
    int j = 0;
    for (; j + LANES <= length; j += LANES) {
      FloatVector value = FloatVector.fromArray(SPECIES, y, yFrom + j);
      FloatVector gradient = FloatVector.fromArray(SPECIES, g, gFrom + j);
      backpropagated(activation, value, gradient).intoArray(g, gFrom + j);
    }
    if (j < length) {
      VectorMask<Float> rest = SPECIES.indexInRange(j, length);
      FloatVector value = FloatVector.fromArray(SPECIES, y, yFrom + j, rest);
      FloatVector gradient = FloatVector.fromArray(SPECIES, g, gFrom + j, rest);
      backpropagated(activation, value, gradient).intoArray(g, gFrom + j, rest);
    }
  }

  private static FloatVector backpropagated(
      Activation activation, FloatVector value, FloatVector gradient) {
    if (activation == Activation.RELU) {
      return FloatVector.zero(SPECIES).blend(gradient, value.compare(VectorOperators.GT, 0f));
    }
    return gradient.mul(FloatVector.broadcast(SPECIES, 1f).sub(value.mul(value)));
  }
}
