package dev.millrace.learner.network;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasColMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

/**
 * ND4J's own OpenBLAS on ND4J's memory, called directly: 0.1 µs a call, where {@code Nd4j.gemm}
 * spends 15 to 25 µs on checks, as long as the product of a small layer itself takes.
 */
final class OpenBlasMatrices implements Matrices {

  /** One thread: the products of one update are too small to share, and tasks have slots. */
  OpenBlasMatrices() {
    blas_set_num_threads(1);
  }

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
    cblas_sgemm(
        CblasColMajor,
        transposeA ? CblasTrans : CblasNoTrans,
        transposeB ? CblasTrans : CblasNoTrans,
        rows,
        columns,
        inner,
        1f,
        a.pointer,
        a.leading,
        b.pointer,
        b.leading,
        0f,
        c.pointer,
        c.leading);
  }

  @Override
  public void write(Matrix to, float[] values, int length) {
    to.pointer.put(values, 0, length);
  }

  @Override
  public void read(Matrix from, float[] values, int length) {
    from.pointer.get(values, 0, length);
  }
}
