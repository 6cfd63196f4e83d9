package dev.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.config.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceTest {
  private static final Path COMMITTED = Path.of("..", "conf", "reference.yaml");

  @TempDir Path folder;

  @Test
  void theCommittedReferenceIsTheGeneratedOne() throws IOException {
    String generated = Reference.text(ReferenceTest.class.getClassLoader());
    if (System.getenv("MILLRACE_WRITE_REFERENCE") != null) {
      Files.writeString(COMMITTED, generated);
    }

    assertThat(Files.readString(COMMITTED))
        .as("conf/reference.yaml; run this test with MILLRACE_WRITE_REFERENCE=1")
        .isEqualTo(generated);
  }

  @Test
  void describesAnOptionWithItsSentenceTypeRuleAndWhatAResumeMayDo() {
    String text = Reference.text(TestingProviders.loader(folder));

    assertThat(text)
        .contains(
            """
            network:
              # Units of the hidden layers.
              # A list of whole numbers, one width of at least 1 for each layer; fixed for a run; read by algorithm testing.
              hidden: [128, 128]
            """)
        .contains("  # A text; fixed for a run.\n  # name:\n");
  }

  @Test
  void isAConfigurationOfDefaults() {
    ClassLoader loader = TestingProviders.loader(folder);
    String only =
        Reference.text(loader)
            .lines()
            .filter(line -> !line.isBlank())
            .reduce("", (left, right) -> left + right + "\n");
    ExperimentReader reader = new ExperimentReader(loader);
    List<String> names = List.of("environment.name=Testing-v0", "algorithm.name=testing");

    Experiment read = reader.read("reference.yaml", only, "a", names);

    for (Option<?> option : reader.options(read)) {
      if (option.defaultValue() != null) {
        assertThat(read.settings().get(option)).as(option.key()).isEqualTo(option.defaultValue());
      }
    }
  }
}
