package dev.millrace.core.network;

import dev.millrace.core.math.SeededRandom;
import java.util.Arrays;

/**
 * A weight matrix has as many orthonormal vectors as its shorter side is long. They are drawn from
 * a Gaussian and made orthonormal by modified Gram-Schmidt in double, whose error is the rounding
 * of a double times the condition number of what was drawn (Björck 1967, "Solving linear least
 * squares problems by Gram-Schmidt orthogonalization"), far below that of a float. The R of this QR
 * has a positive diagonal, so that the matrix is uniform among all orthogonal ones (Mezzadri 2007,
 * "How to generate random matrices from the classical compact groups").
 */
record OrthogonalInitialization(double hiddenGain, double lastGain) implements Initialization {

  OrthogonalInitialization {
    if (!(hiddenGain > 0 && lastGain > 0 && hiddenGain + lastGain < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "orthogonal gains hidden=%s, last=%s: must be positive numbers; a layer of zeros would never learn"
              .formatted(hiddenGain, lastGain));
    }
  }

  @Override
  public void layer(int in, int out, boolean last, SeededRandom random, float[] flat, int from) {
    double gain = last ? lastGain : hiddenGain;
    boolean tall = in >= out;
    double[][] vectors = orthonormal(Math.min(in, out), Math.max(in, out), random);
    for (int q = 0; q < in; q++) {
      for (int j = 0; j < out; j++) {
        flat[from + q * out + j] = (float) (gain * (tall ? vectors[j][q] : vectors[q][j]));
      }
    }
    Arrays.fill(flat, from + in * out, from + (in + 1) * out, 0f);
  }

  private static double[][] orthonormal(int count, int length, SeededRandom random) {
    double[][] vectors = new double[count][length];
    for (int k = 0; k < count; k++) {
      double[] vector = vectors[k];
      for (int i = 0; i < length; i++) {
        vector[i] = random.nextGaussian();
      }
      for (int before = 0; before < k; before++) {
        add(vector, -dot(vector, vectors[before]), vectors[before]);
      }
      double norm = Math.sqrt(dot(vector, vector));
      for (int i = 0; i < length; i++) {
        vector[i] /= norm;
      }
    }
    return vectors;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double[] to, double factor, double[] vector) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * vector[i];
    }
  }
}
