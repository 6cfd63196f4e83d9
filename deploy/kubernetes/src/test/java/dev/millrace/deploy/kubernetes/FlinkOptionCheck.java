package dev.millrace.deploy.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * Every key under {@code flinkConfiguration} must be an option of Flink 1.20, of its Kubernetes
 * deployment, or of the operator, and its value must be of the option's type.
 */
final class FlinkOptionCheck implements Check {
  private final FlinkOptionCatalogue catalogue = FlinkOptionCatalogue.ofClassPath();

  @Override
  public List<String> problems(List<Manifest> manifests) {
    List<String> problems = new ArrayList<>();
    for (Manifest manifest : manifests) {
      for (Map.Entry<String, String> each : manifest.flinkConfiguration().entrySet()) {
        String problem = problem(each.getKey(), each.getValue());
        if (problem != null) {
          problems.add(manifest.called() + ": " + problem);
        }
      }
    }
    return problems;
  }

  private String problem(String key, String value) {
    ConfigOption<?> option = catalogue.option(key);
    if (option == null) {
      return "flinkConfiguration.%s: no such option%s".formatted(key, catalogue.suggestion(key));
    }
    Configuration given = new Configuration();
    given.setString(option.key(), value);
    try {
      given.getOptional(option);
      return null;
    } catch (IllegalArgumentException e) {
      return "flinkConfiguration.%s=%s: %s".formatted(key, value, e.getMessage());
    }
  }
}
