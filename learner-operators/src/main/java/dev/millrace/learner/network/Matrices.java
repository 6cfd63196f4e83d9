package dev.millrace.learner.network;

/** What a network asks of a numerical backend. */
interface Matrices {

  /**
   * {@code c = op(a) · op(b)}, where op transposes or does not.
   *
   * @param rows of op(a) and c
   * @param columns of op(b) and c
   * @param inner columns of op(a) and rows of op(b)
   * @param c rows of its memory past {@code rows} stay as they are
   */
  void multiply(
      int rows,
      int columns,
      int inner,
      Matrix a,
      boolean transposeA,
      Matrix b,
      boolean transposeB,
      Matrix c);

  /** Copies the first {@code length} values to where {@code to} starts. */
  void write(Matrix to, float[] values, int length);

  /** Copies {@code length} floats from where {@code from} starts. */
  void read(Matrix from, float[] values, int length);
}
