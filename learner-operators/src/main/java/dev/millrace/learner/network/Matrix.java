package dev.millrace.learner.network;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A column-major matrix within a vector of ND4J's: column {@code j} starts at {@code offset + j ×
 * leading}. How many rows and columns count is said by whoever multiplies it.
 */
final class Matrix {
  final INDArray memory;
  final long offset;
  final int leading;

  /** Where the matrix starts in the host's memory; null where a device holds it. */
  final FloatPointer pointer;

  private INDArray view;

  Matrix(INDArray memory, long offset, int leading) {
    this.memory = memory;
    this.offset = offset;
    this.leading = leading;
    this.pointer =
        Nd4j.getBackend().getEnvironment().isCPU()
            ? ((FloatPointer) memory.data().pointer()).getPointer(offset)
            : null;
  }

  /** The first {@code rows} of the first {@code columns} as an array of ND4J's. */
  INDArray view(int rows, int columns) {
    if (view == null || view.size(0) != rows || view.size(1) != columns) {
      view =
          Nd4j.create(
              memory.data(),
              new long[] {rows, columns},
              new long[] {1, leading},
              memory.offset() + offset,
              'f');
    }
    return view;
  }
}
