package dev.millrace.core.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A feed-forward network as data, over one flat parameter vector.
 *
 * <p>The vector holds, layer by layer, the weights {@code W} row-major as {@code [in][out]} and
 * then the bias {@code b[out]}. The last dense layer is linear and feeds the head, whose own
 * parameters, if it has any, stand at the very end.
 *
 * @param inputs floats in one observation
 * @param hidden dense layers with their activations
 * @param head what the last layer's outputs mean
 * @param outputs values the network answers with, after the head
 */
public record NetworkSpec(int inputs, List<Dense> hidden, Head head, int outputs)
    implements Serializable {

  /** What follows the dense product of a hidden layer. */
  public enum Activation {
    RELU,
    TANH
  }

  /** A dense layer of {@code units} outputs. */
  public record Dense(int units, Activation activation) implements Serializable {
    public Dense {
      if (units < 1) {
        throw new IllegalArgumentException("dense units=%d: must be at least 1".formatted(units));
      }
    }
  }

  public enum Head {
    /** The last layer's outputs as they are. */
    LINEAR,
    /**
     * {@code [V, A_0 … A_(n-1)]} become {@code Q_j = V + A_j - mean(A)} (Wang et al. 2016, eq. 9).
     */
    DUELING,
    /**
     * A diagonal Gaussian over A numbers: {@code outputs} is 2A and a row of them {@code [mean_0 …
     * mean_(A-1), logStd_0 … logStd_(A-1)]}. The last layer answers with the means; the log
     * standard deviations are the head's own parameters, the same for every observation (Schulman
     * et al. 2015, "Trust Region Policy Optimization", section 8.1).
     */
    GAUSSIAN
  }

  public NetworkSpec {
    if (inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "network inputs=%d, outputs=%d: must be at least 1".formatted(inputs, outputs));
    }
    if (head == Head.GAUSSIAN && outputs % 2 != 0) {
      throw new IllegalArgumentException(
          "network outputs=%d: must be even with a Gaussian head, which answers with a mean and a log standard deviation for every action"
              .formatted(outputs));
    }
    hidden = List.copyOf(hidden);
  }

  /** The widths of all dense layers from the input to the raw output: {@code [in, h1, …, raw]}. */
  public int[] widths() {
    int[] widths = new int[hidden.size() + 2];
    widths[0] = inputs;
    for (int i = 0; i < hidden.size(); i++) {
      widths[i + 1] = hidden.get(i).units();
    }
    widths[widths.length - 1] = rawOutputs();
    return widths;
  }

  /** Outputs of the last dense layer, before the head. */
  public int rawOutputs() {
    return switch (head) {
      case LINEAR -> outputs;
      case DUELING -> outputs + 1;
      case GAUSSIAN -> outputs / 2;
    };
  }

  /** How many parameters at the end of the flat vector are the head's own: log deviations. */
  public int headParameters() {
    return head == Head.GAUSSIAN ? outputs / 2 : 0;
  }

  /** Length of the flat parameter vector. */
  public int parameterCount() {
    int[] widths = widths();
    long count = headParameters();
    for (int i = 1; i < widths.length; i++) {
      count += (long) widths[i - 1] * widths[i] + widths[i];
    }
    return Math.toIntExact(count);
  }

  /**
   * Fails unless there are as many parameters as this network has.
   *
   * @param flat {@code float[P]}
   */
  public void checkParameters(float[] flat) {
    if (flat.length != parameterCount()) {
      throw new IllegalArgumentException(
          "parameters=float[%d]: network %s has %d; they belong to another network"
              .formatted(flat.length, this, parameterCount()));
    }
  }

  /** One line such as {@code 4-128-128-2 dueling}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(Integer.toString(inputs));
    for (Dense layer : hidden) {
      parts.add(layer.units() + (layer.activation() == Activation.TANH ? "t" : ""));
    }
    parts.add(Integer.toString(outputs));
    String layers = String.join("-", parts);
    return head == Head.LINEAR ? layers : layers + " " + head.name().toLowerCase(Locale.ROOT);
  }
}
