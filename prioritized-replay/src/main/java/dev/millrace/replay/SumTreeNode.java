package dev.millrace.replay;

/** The arithmetic of one node: the sum of its children, which are adjacent. */
final class SumTreeNode {
  /** Children of a node. */
  static final int FANOUT = 16;

  private SumTreeNode() {}

  // Four chains of additions instead of one: the processor runs them side by side. The order is
  // fixed, so that equal children have equal sums.

  static double sum(float[] children, int node) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int i = node * FANOUT; i < (node + 1) * FANOUT; i += 4) {
      a += children[i];
      b += children[i + 1];
      c += children[i + 2];
      d += children[i + 3];
    }
    return (a + b) + (c + d);
  }

  static double sum(double[] children, int node) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int i = node * FANOUT; i < (node + 1) * FANOUT; i += 4) {
      a += children[i];
      b += children[i + 1];
      c += children[i + 2];
      d += children[i + 3];
    }
    return (a + b) + (c + d);
  }
}
