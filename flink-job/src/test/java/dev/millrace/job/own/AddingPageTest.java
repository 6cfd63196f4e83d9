package dev.millrace.job.own;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code docs/adding.md} shows is what the example project holds, and that is compiled. */
class AddingPageTest {
  private static final Path PAGE = Path.of("..", "docs", "adding.md");
  private static final Pattern BLOCK =
      Pattern.compile("^```(java|yaml|xml)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  @Test
  void everyBlockStandsInTheExampleProject() throws IOException {
    List<String> sources = new ArrayList<>();
    for (Path file : OwnProject.files(OwnProject.ROOT)) {
      if (!file.toString().contains("target")) {
        sources.add(Files.readString(file));
      }
    }
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      blocks.add(matcher.group(2));
    }

    assertThat(blocks).hasSizeGreaterThan(5);
    assertThat(blocks)
        .allSatisfy(block -> assertThat(sources).anyMatch(source -> source.contains(block)));
  }

  @Test
  void theProjectIsBuiltWithTheVersionsOfThisBuild() throws IOException {
    String pom = Files.readString(OwnProject.ROOT.resolve("pom.xml"));
    String parent = Files.readString(Path.of("..", "pom.xml"));

    assertThat(first("<millrace.version>(.*?)<", pom))
        .isEqualTo(first("<artifactId>millrace</artifactId>\\s*<version>(.*?)<", parent));
    assertThat(first("<flink.version>(.*?)<", pom))
        .isEqualTo(first("<flink.version>(.*?)<", parent));
  }

  private static String first(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().findFirst().orElseThrow().group(1);
  }
}
