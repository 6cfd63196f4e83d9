package dev.millrace.job.config;

import java.util.List;
import java.util.stream.Collectors;

/** Everything that is wrong with a configuration, in the order found. */
public final class ConfigurationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * @param source what was read, such as the file's name
   */
  public ConfigurationException(String source, List<String> problems) {
    super(message(source, problems));
    this.problems = List.copyOf(problems);
  }

  /** One message for each problem. */
  public List<String> problems() {
    return problems;
  }

  private static String message(String source, List<String> problems) {
    if (problems.size() == 1) {
      return source + ": " + problems.get(0);
    }
    return problems.stream()
        .map(problem -> "\n  " + problem)
        .collect(Collectors.joining("", source + ": " + problems.size() + " problems", ""));
  }
}
