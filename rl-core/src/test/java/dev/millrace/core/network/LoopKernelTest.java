package dev.millrace.core.network;

class LoopKernelTest extends ForwardPassContract {
  @Override
  DenseKernel kernel() {
    return new LoopKernel();
  }
}
