package dev.millrace.replay;

import java.util.Arrays;

/**
 * Non-negative weights by index, their total, and the search for an index by prefix sum. Its
 * drawing and its invariant make it longer than other classes.
 */
public final class SumTree {

  /*
   * The sum tree of Schaul et al. 2016, "Prioritized Experience Replay" (appendix B.2.1), with 16
   * children to a node instead of two. Drawn with 4:
   *
   *   root                             30
   *                    ┌────────┬──────┴─┬────────┐
   *   sums[0]         10        5        0       15        double, each the sum of 4 below
   *                ┌─┬┴┬─┐  ┌─┬─┴─┬─┐             └ …
   *   weights      1 4 2 3  5 0   0 0                      float, one for each index
   *
   * A node's children are 64 or 128 adjacent bytes, so that a search or an update touches one or
   * two cache lines on each of 5 levels for a million weights, where a binary tree touches one on
   * each of 20 and mispredicts half of their branches. Capacity n takes 4n bytes of weights and
   * n/2 + n/32 + … bytes of sums: 4.5 MB for a million, against 16 MB for a binary tree of doubles.
   *
   *   set      O(16 log16 n): the sums above are computed anew from their children, never by adding
   *            a difference, which would drift. A sum is thus a function of the weights alone, and
   *            a tree rebuilt from the same weights is the same bit for bit.
   *   find     O(16 log16 n)
   *   build    O(n)
   *
   * Boundaries: find(p) is the least i with p < w_0 + … + w_i, so p on the boundary of two indices
   * belongs to the upper one, and p = total to the last index of positive weight. Rounding may make
   * a child's share differ from its sum in the last bit, and a search run past its last child; it
   * then steps back to the last of positive weight. An index of weight 0 is never found.
   */
  private static final int FANOUT = SumTreeNode.FANOUT;

  private final int capacity;
  private final float[] weights;
  private final double[][] sums;
  private double total;

  /**
   * @param capacity indices, all of weight 0
   * @throws IllegalArgumentException if it is not positive
   */
  public SumTree(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "sum tree capacity=%d: must be at least 1".formatted(capacity));
    }
    this.capacity = capacity;
    int nodes = parents(capacity);
    weights = new float[Math.multiplyExact(nodes, FANOUT)];
    int depth = 0;
    for (int n = nodes; n > 1; n = parents(n)) {
      depth++;
    }
    sums = new double[depth][];
    for (int level = 0; level < depth; level++) {
      nodes = parents(nodes);
      sums[level] = new double[nodes * FANOUT];
    }
  }

  private static int parents(int nodes) {
    return (nodes - 1) / FANOUT + 1;
  }

  /** Heap that a tree of {@code capacity} indices takes: weights, and the sums above them. */
  static long bytes(int capacity) {
    long nodes = parents(capacity);
    long bytes = nodes * FANOUT * Float.BYTES;
    while (nodes > 1) {
      nodes = parents(Math.toIntExact(nodes));
      bytes += nodes * FANOUT * Double.BYTES;
    }
    return bytes;
  }

  /** Indices, 0 … capacity-1. */
  public int capacity() {
    return capacity;
  }

  /** The sum of all weights. */
  public double total() {
    return total;
  }

  /** The weight of {@code index}. */
  public float get(int index) {
    return weights[checked(index)];
  }

  /**
   * Gives {@code index} a weight.
   *
   * @throws IllegalArgumentException if it is negative or not finite; the tree is unchanged
   */
  public void set(int index, float weight) {
    weights[checked(index)] = valid(weight, index);
    int node = index / FANOUT;
    double sum = SumTreeNode.sum(weights, node);
    for (double[] level : sums) {
      level[node] = sum;
      node /= FANOUT;
      sum = SumTreeNode.sum(level, node);
    }
    total = sum;
  }

  /**
   * Gives each of the first {@code count} {@code indices} the weight beside it; of an index that
   * occurs twice the last counts. Faster than one at a time, and most so when they ascend.
   *
   * @throws IllegalArgumentException if a weight is negative or not finite; the tree is unchanged
   */
  public void set(int[] indices, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      valid(values[i], checked(indices[i]));
    }
    for (int i = 0; i < count; i++) {
      weights[indices[i]] = values[i];
    }
    int span = FANOUT;
    for (int level = 0; level < sums.length; level++) {
      int latest = -1;
      for (int i = 0; i < count; i++) {
        int node = indices[i] / span;
        if (node != latest) {
          sums[level][node] = childSum(level, node);
          latest = node;
        }
      }
      span *= FANOUT;
    }
    total = childSum(sums.length, 0);
  }

  /**
   * Gives the first {@code count} indices the weights in {@code values} and all others 0.
   *
   * @throws IllegalArgumentException if a weight is negative or not finite; the tree is unchanged
   */
  public void build(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      valid(values[i], i);
    }
    System.arraycopy(values, 0, weights, 0, count);
    Arrays.fill(weights, count, weights.length, 0f);
    int nodes = weights.length / FANOUT;
    for (int level = 0; level < sums.length; level++) {
      for (int node = 0; node < nodes; node++) {
        sums[level][node] = childSum(level, node);
      }
      nodes = sums[level].length / FANOUT;
    }
    total = childSum(sums.length, 0);
  }

  /**
   * The index whose share of the line {@code [0, total]} holds {@code prefix}.
   *
   * @param prefix at least 0 and at most {@link #total()}
   * @throws IllegalArgumentException if it is outside
   * @throws IllegalStateException if every weight is 0
   */
  public int find(double prefix) {
    double[] prefixes = {prefix};
    int[] found = new int[1];
    find(prefixes, found);
    return found[0];
  }

  /**
   * Finds each prefix as {@link #find(double)} does. All go down the tree together, level by level,
   * so that the memory one waits for is fetched while others compute.
   *
   * @param prefixes spent afterwards
   * @param found as long, filled with the indices
   */
  public void find(double[] prefixes, int[] found) {
    check(prefixes);
    Arrays.fill(found, 0);
    for (int level = sums.length - 1; level >= 0; level--) {
      double[] children = sums[level];
      for (int i = 0; i < prefixes.length; i++) {
        double rest = prefixes[i];
        int child = found[i] * FANOUT;
        int last = child + FANOUT - 1;
        while (child < last && rest >= children[child]) {
          rest -= children[child++];
        }
        while (children[child] == 0) {
          rest = children[--child];
        }
        found[i] = child;
        prefixes[i] = rest;
      }
    }
    for (int i = 0; i < prefixes.length; i++) {
      found[i] = findWeight(found[i] * FANOUT, prefixes[i]);
    }
  }

  private void check(double[] prefixes) {
    if (!(total > 0)) {
      throw new IllegalStateException("sum tree total=0: every weight is 0, so none can be found");
    }
    for (double prefix : prefixes) {
      if (!(prefix >= 0 && prefix <= total)) {
        throw new IllegalArgumentException(
            "sum tree prefix=%s: must be from 0 to the total, %s".formatted(prefix, total));
      }
    }
  }

  private int findWeight(int first, double prefix) {
    double rest = prefix;
    int index = first;
    int last = first + FANOUT - 1;
    while (index < last && rest >= weights[index]) {
      rest -= weights[index++];
    }
    while (weights[index] == 0) {
      index--;
    }
    return index;
  }

  /**
   * Checks that every sum is its children's and that nothing lies past the capacity.
   *
   * @throws IllegalStateException naming the first node that is not
   */
  void checkInvariant() {
    int nodes = weights.length / FANOUT;
    for (int level = 0; level < sums.length; level++) {
      for (int node = 0; node < sums[level].length; node++) {
        double expected = node < nodes ? childSum(level, node) : 0;
        if (sums[level][node] != expected) {
          throw new IllegalStateException(
              "sum tree level=%d node=%d sum=%s: its children sum to %s"
                  .formatted(level, node, sums[level][node], expected));
        }
      }
      nodes = sums[level].length / FANOUT;
    }
    if (total != childSum(sums.length, 0)) {
      throw new IllegalStateException(
          "sum tree total=%s: not that of its children".formatted(total));
    }
    for (int index = 0; index < weights.length; index++) {
      if (!(weights[index] >= 0) || index >= capacity && weights[index] != 0) {
        throw new IllegalStateException(
            "sum tree index=%d weight=%s: must be at least 0, and 0 from index %d on"
                .formatted(index, weights[index], capacity));
      }
    }
  }

  private double childSum(int level, int node) {
    return level == 0 ? SumTreeNode.sum(weights, node) : SumTreeNode.sum(sums[level - 1], node);
  }

  private int checked(int index) {
    if (index < 0 || index >= capacity) {
      throw new IndexOutOfBoundsException(
          "sum tree index=%d: must be from 0 to %d".formatted(index, capacity - 1));
    }
    return index;
  }

  private static float valid(float weight, int index) {
    if (!(weight >= 0 && weight <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "sum tree weight=%s at index %d: must be finite and at least 0, or nothing could be found any more"
              .formatted(weight, index));
    }
    return weight;
  }
}
