package dev.millrace.job.config;

import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import java.util.Arrays;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Options that a rule compares, and where to complain of them.
 *
 * @param bad keys whose values are known to be wrong
 * @param report takes a key and the message about it
 */
record ComparedOptions(Settings settings, Set<String> bad, BiConsumer<String, String> report) {

  /** Whether each of them is good alone. */
  boolean good(Option<?>... options) {
    return Arrays.stream(options).noneMatch(option -> bad.contains(option.key()));
  }

  <T> T get(Option<T> option) {
    return settings.get(option);
  }

  /** The value given, or {@code otherwise} where 0 leaves it to be chosen. */
  int chosen(Option<Long> option, int otherwise) {
    int given = settings.count(option);
    return given == 0 ? otherwise : given;
  }

  /** Complains that {@code option} breaks a rule. */
  void refuse(Option<?> option, String rule, Object... arguments) {
    report.accept(
        option.key(),
        "%s=%s: %s"
            .formatted(
                option.key(), OptionText.write(settings.get(option)), rule.formatted(arguments)));
  }
}
