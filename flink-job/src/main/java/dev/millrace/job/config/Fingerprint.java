package dev.millrace.job.config;

import dev.millrace.core.config.Option;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of a configuration state depends on: the options that are fixed for a run, and the network
 * that came of them. Kept with the state, and compared before anything is resumed.
 *
 * @param fixed texts by key
 */
public record Fingerprint(SortedMap<String, String> fixed) implements Serializable {
  /** Not a key that can be set: the network as the algorithm built it for the environment. */
  private static final String NETWORK = "(the network)";

  public Fingerprint {
    fixed = new TreeMap<>(fixed);
  }

  /** The fingerprint of {@code experiment}, with what {@code loader} sees. */
  public static Fingerprint of(Experiment experiment, ClassLoader loader) {
    TreeMap<String, String> fixed = new TreeMap<>();
    for (Option<?> option : new ExperimentReader(loader).options(experiment)) {
      if (option.change() == Option.Change.REFUSED) {
        fixed.put(option.key(), OptionText.write(experiment.settings().get(option)));
      }
    }
    fixed.put(NETWORK, experiment.agent(loader).network().toString());
    return new Fingerprint(fixed);
  }

  /**
   * Why {@code changed} cannot continue what this fingerprint's run began; empty if it can.
   *
   * @return one message for each difference
   */
  public List<String> differences(Fingerprint changed) {
    List<String> messages = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>(fixed.keySet());
    keys.addAll(changed.fixed.keySet());
    for (String key : keys) {
      String before = fixed.get(key);
      String after = changed.fixed.get(key);
      if (before == null || !before.equals(after)) {
        messages.add(message(key, before, after));
      }
    }
    if (messages.size() > 1) {
      messages.removeIf(message -> message.startsWith(NETWORK));
    }
    return messages;
  }

  private static String message(String key, String before, String after) {
    return "%s=%s: the run's state was made with %s, and this is fixed for a run; %s or begin a new run"
        .formatted(
            key,
            after == null ? "(unset)" : after,
            before == null ? "no such option" : before,
            before == null || key.equals(NETWORK) ? "take the old one" : "set it back");
  }
}
