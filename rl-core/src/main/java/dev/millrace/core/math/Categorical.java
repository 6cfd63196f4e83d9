package dev.millrace.core.math;

import java.util.random.RandomGenerator;

/**
 * One of {@code n} choices, with {@code n} logits as parameters: {@code p_i = exp(x_i) / sum_j
 * exp(x_j)}, computed relative to the greatest logit so that nothing overflows. An action is the
 * index of the choice in one float. A logit may be minus infinity: that choice is impossible.
 *
 * @param n choices, between 1 and 2^24, the range a float counts in
 */
public record Categorical(int n) implements Distribution {
  public Categorical {
    if (n < 1 || n > 1 << 24) {
      throw new IllegalArgumentException(
          "categorical n=%d: must be between 1 and 16777216".formatted(n));
    }
  }

  @Override
  public int parameters() {
    return n;
  }

  @Override
  public int actionSize() {
    return 1;
  }

  /** Inverts the cumulative distribution at one {@link RandomGenerator#nextDouble}. */
  @Override
  public void sample(float[] parameters, int row, RandomGenerator random, float[] actions) {
    int at = Shapes.row("parameters", parameters, row, n);
    Shapes.row("actions", actions, row, 1);
    double greatest = greatest(parameters, at);
    double total = total(parameters, at, greatest);
    double left = random.nextDouble() * total;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.exp(parameters[at + i] - greatest);
      if (sum > left) {
        actions[row] = i;
        return;
      }
    }
    throw notFinite(row, greatest);
  }

  @Override
  public void mode(float[] parameters, int row, float[] actions) {
    int at = Shapes.row("parameters", parameters, row, n);
    Shapes.row("actions", actions, row, 1);
    double greatest = greatest(parameters, at);
    for (int i = 0; i < n; i++) {
      if (parameters[at + i] == greatest && Math.abs(greatest) < Double.POSITIVE_INFINITY) {
        actions[row] = i;
        return;
      }
    }
    throw notFinite(row, greatest);
  }

  @Override
  public double logProbability(float[] parameters, int row, float[] actions) {
    int at = Shapes.row("parameters", parameters, row, n);
    int action = index(actions, row);
    double greatest = greatest(parameters, at);
    return parameters[at + action] - greatest - logTotal(parameters, at, greatest);
  }

  /** {@code d log p_a / d x_j = [a = j] - p_j}. */
  @Override
  public void addLogProbabilityGradient(
      float[] parameters, int row, float[] actions, double scale, float[] gradients) {
    int at = Shapes.row("parameters", parameters, row, n);
    Shapes.row("gradients", gradients, row, n);
    int action = index(actions, row);
    double greatest = greatest(parameters, at);
    double logTotal = logTotal(parameters, at, greatest);
    for (int j = at; j < at + n; j++) {
      double taken = j == at + action ? 1 : 0;
      gradients[j] += (float) (scale * (taken - Math.exp(parameters[j] - greatest - logTotal)));
    }
  }

  /** {@code H = -sum_i p_i log p_i} (Shannon 1948, theorem 2); what is impossible counts 0. */
  @Override
  public double entropy(float[] parameters, int row) {
    int at = Shapes.row("parameters", parameters, row, n);
    double greatest = greatest(parameters, at);
    return entropy(parameters, at, greatest, logTotal(parameters, at, greatest));
  }

  private double entropy(float[] parameters, int at, double greatest, double logTotal) {
    double sum = 0;
    for (int i = at; i < at + n; i++) {
      double log = parameters[i] - greatest - logTotal;
      double p = Math.exp(log);
      sum -= p == 0 ? 0 : p * log;
    }
    return sum;
  }

  /** {@code d H / d x_j = -p_j (log p_j + H)}. */
  @Override
  public void addEntropyGradient(float[] parameters, int row, double scale, float[] gradients) {
    int at = Shapes.row("parameters", parameters, row, n);
    Shapes.row("gradients", gradients, row, n);
    double greatest = greatest(parameters, at);
    double logTotal = logTotal(parameters, at, greatest);
    double entropy = entropy(parameters, at, greatest, logTotal);
    for (int j = at; j < at + n; j++) {
      double log = parameters[j] - greatest - logTotal;
      double p = Math.exp(log);
      gradients[j] -= (float) (p == 0 ? 0 : scale * p * (log + entropy));
    }
  }

  /** Infinite if {@code q} excludes what {@code p} may choose. */
  @Override
  public double kl(float[] p, float[] q, int row) {
    int at = Shapes.row("p", p, row, n);
    Shapes.row("q", q, row, n);
    double greatestP = greatest(p, at);
    double greatestQ = greatest(q, at);
    double logTotalP = logTotal(p, at, greatestP);
    double logTotalQ = logTotal(q, at, greatestQ);
    double sum = 0;
    for (int i = at; i < at + n; i++) {
      double log = p[i] - greatestP - logTotalP;
      double probability = Math.exp(log);
      sum += probability == 0 ? 0 : probability * (log - (q[i] - greatestQ - logTotalQ));
    }
    return sum;
  }

  /** {@code d KL(p || q) / d x_j = q_j - p_j}. */
  @Override
  public void addKlGradient(float[] p, float[] q, int row, double scale, float[] gradients) {
    int at = Shapes.row("p", p, row, n);
    Shapes.row("q", q, row, n);
    Shapes.row("gradients", gradients, row, n);
    double greatestP = greatest(p, at);
    double greatestQ = greatest(q, at);
    double logTotalP = logTotal(p, at, greatestP);
    double logTotalQ = logTotal(q, at, greatestQ);
    for (int j = at; j < at + n; j++) {
      double difference =
          Math.exp(q[j] - greatestQ - logTotalQ) - Math.exp(p[j] - greatestP - logTotalP);
      gradients[j] += (float) (scale * difference);
    }
  }

  private int index(float[] actions, int row) {
    Shapes.row("actions", actions, row, 1);
    return Shapes.action("actions", actions, row, n);
  }

  /** To be taken off after {@code greatest}, never added to it, which may be much greater. */
  private double logTotal(float[] parameters, int at, double greatest) {
    return Math.log(total(parameters, at, greatest));
  }

  private double total(float[] parameters, int at, double greatest) {
    double sum = 0;
    for (int i = at; i < at + n; i++) {
      sum += Math.exp(parameters[i] - greatest);
    }
    return sum;
  }

  /** Math.max, unlike a comparison, keeps a NaN. */
  private double greatest(float[] parameters, int at) {
    float greatest = parameters[at];
    for (int i = at + 1; i < at + n; i++) {
      greatest = Math.max(greatest, parameters[i]);
    }
    return greatest;
  }

  private static IllegalArgumentException notFinite(int row, double greatest) {
    return new IllegalArgumentException(
        "greatest logit of row %d=%s: must be finite; no choice could be drawn"
            .formatted(row, greatest));
  }
}
