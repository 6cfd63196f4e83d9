package dev.millrace.core.network;

import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import java.util.List;
import java.util.Locale;

/** The options that describe a network. */
public final class NetworkOptions {
  public static final Option<List<Long>> HIDDEN =
      Option.declare("network.hidden")
          .wholes(128L, 128L)
          .must("whole numbers from 1", units -> units.stream().allMatch(n -> n >= 1))
          .fixedForTheRun()
          .says("Units of each hidden layer, from the observation on.");

  public static final Option<String> ACTIVATION =
      Option.declare("network.activation")
          .text("relu")
          .oneOf("relu", "tanh")
          .fixedForTheRun()
          .says("What follows each hidden layer's product.");

  private NetworkOptions() {}

  /** All of them. */
  public static List<Option<?>> all() {
    return List.of(HIDDEN, ACTIVATION);
  }

  /** The network that {@code settings} describe, between these inputs and outputs. */
  public static NetworkSpec network(Settings settings, int inputs, Head head, int outputs) {
    Activation activation = Activation.valueOf(settings.get(ACTIVATION).toUpperCase(Locale.ROOT));
    List<Dense> hidden =
        settings.get(HIDDEN).stream()
            .map(units -> new Dense(Math.toIntExact(units), activation))
            .toList();
    return new NetworkSpec(inputs, hidden, head, outputs);
  }
}
