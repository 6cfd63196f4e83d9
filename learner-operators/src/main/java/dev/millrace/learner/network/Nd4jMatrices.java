package dev.millrace.learner.network;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Any backend of ND4J, through its own interface; what runs on CUDA. */
final class Nd4jMatrices implements Matrices {

  @Override
  public void multiply(
      int rows,
      int columns,
      int inner,
      Matrix a,
      boolean transposeA,
      Matrix b,
      boolean transposeB,
      Matrix c) {
    INDArray left = transposeA ? a.view(inner, rows) : a.view(rows, inner);
    INDArray right = transposeB ? b.view(columns, inner) : b.view(inner, columns);
    INDArray product = c.view(rows, columns);
    Nd4j.getBlasWrapper().level3().gemm(left, right, product, transposeA, transposeB, 1, 0);
  }

  @Override
  public void write(Matrix to, float[] values, int length) {
    float[] exactly = values.length == length ? values : Arrays.copyOf(values, length);
    stretch(to, length).assign(Nd4j.createFromArray(exactly));
  }

  @Override
  public void read(Matrix from, float[] values, int length) {
    System.arraycopy(stretch(from, length).dup().data().asFloat(), 0, values, 0, length);
  }

  private static INDArray stretch(Matrix matrix, int length) {
    return matrix.memory.get(NDArrayIndex.interval(matrix.offset, matrix.offset + length));
  }
}
