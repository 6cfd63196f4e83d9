package dev.millrace.job.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code docs/configuration.md} recommends can be run. */
class ConfigurationPageTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```yaml\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  @Test
  void everyRecipeIsAConfiguration() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "configuration.md"));
    ExperimentReader reader = new ExperimentReader(getClass().getClassLoader());
    List<String> names = List.of("environment.name=CartPole-v1", "algorithm.name=dqn");

    List<Experiment> recipes = new ArrayList<>();
    BLOCK
        .matcher(page)
        .results()
        .forEach(block -> recipes.add(reader.read("recipe", block.group(1), "recipe", names)));

    assertThat(recipes).hasSize(4);
  }
}
