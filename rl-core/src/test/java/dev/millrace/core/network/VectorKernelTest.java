package dev.millrace.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VectorKernelTest extends ForwardPassContract {
  @Override
  DenseKernel kernel() {
    return new VectorKernel();
  }

  @Test
  void isChosenWhereTheModuleIsPresent() {
    assertThat(ForwardPass.vectorized()).isTrue();
  }
}
