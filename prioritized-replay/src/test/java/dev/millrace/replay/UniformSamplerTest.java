package dev.millrace.replay;

class UniformSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(int capacity) {
    return new UniformSampler();
  }
}
