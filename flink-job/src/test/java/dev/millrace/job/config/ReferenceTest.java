package dev.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.config.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
              # Steps held back.
              # A whole number, at least 1; read by algorithm testing.
              steps: 3
            """)
        .contains("  # A text; fixed for a run.\n  # name:\n");
  }

  @Test
  void givesEveryOptionItsDefault() {
    ClassLoader loader = TestingProviders.loader(folder);
    GivenValues given = new GivenValues();

    given.document(Reference.text(loader));

    assertThat(given.problems()).isEmpty();
    for (Option<?> option : new TestingAlgorithm().options()) {
      assertThat(given.values()).containsKey(option.key());
    }
    for (Option<?> option : ExperimentOptions.own()) {
      if (option.defaultValue() != null) {
        String text = given.values().get(option.key()).text();
        assertThat(OptionText.read(option, text)).as(option.key()).isEqualTo(option.defaultValue());
      }
    }
  }
}
