package dev.millrace.job.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.EmbeddedRunner;
import dev.millrace.job.LocalRunner;
import dev.millrace.job.cli.Millrace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line with a jar of a user's own. */
@Timeout(180)
class OwnPartsITCase {
  @TempDir static Path folder;
  private static Path jar;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void build() throws IOException {
    jar = OwnProject.jar(folder);
  }

  private int millrace(String... arguments) {
    CommandLine line =
        Millrace.commandLine(Map.of("flink", EmbeddedRunner::new, "local", LocalRunner::new));
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private String errors() {
    return err.toString().replace(folder.toString(), "FOLDER").strip();
  }

  @Test
  void showsWhatTheJarProvides() {
    assertThat(millrace("list", "--jars", jar.toString())).isZero();

    assertThat(out.toString())
        .contains("Keep a mill pond's level in its band by working the sluice.")
        .contains("Q-learning with values linear in the observation; discrete actions.")
        .contains("Samples in proportion to TD errors, and a share uniformly.");
  }

  @Test
  void theReferenceTellsOfItsOptionsAndWhereTheirDefaultsDiffer() {
    assertThat(millrace("config", "--jars", jar.toString())).isZero();

    assertThat(out.toString())
        .contains("  # A number, between 0 and 1; read by algorithm linear-q.\n  epsilon: 0.1\n")
        .containsPattern(
            "read by (algorithm \\w+, )+algorithm linear-q \\(default 0\\.9\\).*\\.\n  discount: 0\\.99\n");
  }

  @Test
  void checksAConfigurationOfItsParts() {
    String configuration = OwnProject.CONFIGURATION.toString();

    assertThat(millrace("config", configuration, "--jars", jar.toString())).isZero();
    assertThat(out.toString()).contains("sluice.yaml: good: linear-q on Sluice");

    assertThat(
            millrace(
                "config",
                configuration,
                "--jars",
                jar.toString(),
                "--set",
                "replay.uniform-share=2"))
        .isEqualTo(2);
    assertThat(errors())
        .endsWith("replay.uniform-share=2: must be between 0 and 1; the default is 0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "flink"})
  void trainsWithItsParts(String runner) {
    String run = folder.resolve("run-" + runner).toString();
    String jars = jar.toString();

    int code =
        millrace(
            "train",
            OwnProject.CONFIGURATION.toString(),
            "--jars",
            jars,
            "--runner",
            runner,
            "--run-dir",
            run);

    assertThat(errors()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).contains("Target reached.");

    assertThat(millrace("evaluate", run, "--render", "--jars", jars)).isZero();
    assertThat(out.toString()).contains("|~~~~~     |");
  }

  @Test
  void withoutTheJarItsPartsAreUnknown() {
    assertThat(millrace("config", OwnProject.CONFIGURATION.toString())).isEqualTo(2);

    assertThat(errors())
        .contains("environment.name=Sluice: no environment is called Sluice")
        .contains("algorithm.name=linear-q: no algorithm is called linear-q")
        .contains("replay.sampler=mixed: no sampler is called mixed");
  }

  @Test
  void aJarWithoutProvidersIsRefused() throws IOException {
    Path bare = folder.resolve("bare.jar");
    OwnProject.pack(OwnProject.ROOT.resolve("src/main/java"), bare);

    assertThat(millrace("list", "--jars", bare.toString())).isEqualTo(2);
    assertThat(errors())
        .isEqualTo(
            "millrace: --jars: FOLDER/bare.jar: provides nothing; name your classes in META-INF/services/dev.millrace.core.agent.Algorithm or META-INF/services/dev.millrace.core.env.EnvironmentProvider or META-INF/services/dev.millrace.replay.SamplerProvider");
  }

  @Test
  void aProviderThatIsNotInTheJarIsNamed() throws IOException {
    Path services = Files.createDirectories(folder.resolve("wrong/META-INF/services"));
    Files.writeString(
        services.resolve("dev.millrace.core.env.EnvironmentProvider"), "com.example.Slice\n");
    Path wrong = folder.resolve("wrong.jar");
    OwnProject.pack(folder.resolve("wrong"), wrong);

    assertThat(millrace("list", "--jars", wrong.toString())).isEqualTo(2);
    assertThat(errors())
        .isEqualTo(
            "millrace: --jars: environment that META-INF/services/dev.millrace.core.env.EnvironmentProvider names cannot be loaded: Provider com.example.Slice not found");
  }
}
