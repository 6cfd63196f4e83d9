package dev.millrace.job.config;

import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import java.util.List;
import java.util.Map;

/** Writes YAML that {@link ExperimentReader} takes back. */
final class ConfigurationText {
  private final StringBuilder text = new StringBuilder();
  private String section = "";

  /** Everything of {@code experiment}, defaults included. */
  static String resolved(Experiment experiment, List<Option<?>> options) {
    ConfigurationText out = new ConfigurationText();
    Settings settings = experiment.settings();
    for (Option<?> option : options) {
      out.value(option.key(), OptionText.write(settings.get(option)));
    }
    for (Map.Entry<String, String> entry : experiment.flink().entrySet()) {
      out.enter("flink");
      out.line(quoted(entry.getKey()) + ": " + quoted(entry.getValue()));
    }
    return out.toString();
  }

  /** A line for {@code key}, under its section. */
  void value(String key, String value) {
    enter(ExperimentOptions.section(key));
    line(last(key) + ": " + quoted(value));
  }

  /** A comment in the section of {@code key}. */
  void comment(String key, String comment) {
    enter(ExperimentOptions.section(key));
    line("# " + comment);
  }

  /** Begins a section, unless it is the present one. */
  void enter(String next) {
    if (!next.equals(section)) {
      section = next;
      text.append(next).append(":\n");
    }
  }

  void line(String line) {
    text.append(section.isEmpty() ? "" : "  ").append(line).append('\n');
  }

  void blank() {
    text.append('\n');
  }

  /** What stands after the section. */
  static String last(String key) {
    return key.substring(key.indexOf('.') + 1);
  }

  private static String quoted(String value) {
    boolean plain = value.matches("[A-Za-z0-9+./_-][A-Za-z0-9+./_ -]*|\\[[0-9, ]*]");
    return plain && !value.matches("(?i)null|-.*|.* ")
        ? value
        : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
