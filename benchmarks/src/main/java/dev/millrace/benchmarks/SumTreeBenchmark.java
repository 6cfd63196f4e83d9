package dev.millrace.benchmarks;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.replay.SumTree;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One index found or set in a sum tree, in batches of 64; beside it the rejected binary tree. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SumTreeBenchmark {
  private static final int BATCH = 64;

  @Param({"10000", "1000000"})
  public int capacity;

  private final SeededRandom random = new SeededRandom(1);
  private final double[] prefixes = new double[BATCH];
  private final int[] indices = new int[BATCH];
  private final float[] weights = new float[BATCH];
  private SumTree tree;
  private BinaryTree binary;

  @Setup
  public void fill() {
    tree = new SumTree(capacity);
    binary = new BinaryTree(capacity);
    for (int i = 0; i < capacity; i++) {
      float weight = (float) Math.pow(random.nextFloat(), 0.6);
      tree.set(i, weight);
      binary.set(i, weight);
    }
  }

  private void drawPrefixes() {
    double stratum = tree.total() / BATCH;
    for (int i = 0; i < BATCH; i++) {
      prefixes[i] = Math.min((i + random.nextDouble()) * stratum, tree.total());
    }
  }

  private void drawWeights() {
    for (int i = 0; i < BATCH; i++) {
      indices[i] = (int) ((i + random.nextDouble()) / BATCH * capacity);
      weights[i] = 0.5f + i / 256f;
    }
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int[] findTogether() {
    drawPrefixes();
    tree.find(prefixes, indices);
    return indices;
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int[] findInBinaryTree() {
    drawPrefixes();
    for (int i = 0; i < BATCH; i++) {
      indices[i] = binary.find(prefixes[i]);
    }
    return indices;
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public double setTogether() {
    drawWeights();
    tree.set(indices, weights, BATCH);
    return tree.total();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public double setOneByOne() {
    drawWeights();
    for (int i = 0; i < BATCH; i++) {
      tree.set(indices[i], weights[i]);
    }
    return tree.total();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public double setInBinaryTree() {
    drawWeights();
    for (int i = 0; i < BATCH; i++) {
      binary.set(indices[i], weights[i]);
    }
    return binary.sums[1];
  }

  /** Two children to a node, in one array, as most implementations have it. */
  private static final class BinaryTree {
    final int leaves;
    final double[] sums;

    BinaryTree(int capacity) {
      leaves = Integer.highestOneBit(Math.max(1, capacity - 1)) << 1;
      sums = new double[2 * leaves];
    }

    void set(int index, double weight) {
      int node = index + leaves;
      sums[node] = weight;
      for (node >>= 1; node >= 1; node >>= 1) {
        sums[node] = sums[2 * node] + sums[2 * node + 1];
      }
    }

    int find(double prefix) {
      double rest = prefix;
      int node = 1;
      while (node < leaves) {
        node <<= 1;
        if (rest >= sums[node]) {
          rest -= sums[node++];
        }
      }
      return node - leaves;
    }
  }
}
