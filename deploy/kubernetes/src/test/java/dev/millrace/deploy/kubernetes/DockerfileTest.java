package dev.millrace.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image cannot be built in a test; what its recipe says is held against the repository. */
class DockerfileTest {
  private static final Repository REPOSITORY = Repository.here();
  private static final Image IMAGE = Image.of(REPOSITORY);
  private static final List<String> INSTRUCTIONS =
      Image.instructions(Repository.text(REPOSITORY.dockerfile()));

  @Test
  void copiesOnlyWhatThereIsOrWhatMavenBuilds() {
    assertThat(IMAGE.copies()).hasSize(4);
    assertThat(IMAGE.copies())
        .allSatisfy(
            copy ->
                assertThat(copy.built() ? isBuilt(copy.source()) : exists(copy.source()))
                    .as(copy.source())
                    .isTrue());
  }

  private static boolean exists(String source) {
    return Files.exists(REPOSITORY.root().resolve(source));
  }

  /** Whether the module's pom names that file or folder of its target folder, or a plain path. */
  private static boolean isBuilt(String source) {
    int target = source.indexOf("/target/");
    String file = source.substring(target + "/target/".length()).replaceAll("/$", "");
    return pom(source.substring(0, target)).contains("${project.build.directory}/" + file + "<");
  }

  @Test
  void buildsTheModulesThatItCopiesFrom() {
    String maven = instruction("RUN case");
    String modules =
        Pattern.compile("-pl (\\S+)").matcher(maven).results().findFirst().get().group(1);

    assertThat(IMAGE.copies().stream().filter(Image.Copy::built))
        .allSatisfy(
            copy ->
                assertThat(modules.split(","))
                    .contains(copy.source().substring(0, copy.source().indexOf("/target/"))));
  }

  @Test
  void choosesNativesByWhatTheBuildKnows() {
    String maven = instruction("RUN case");

    assertThat(Pattern.compile("-D([a-z4.]+\\.(?:natives|platform))=").matcher(maven).results())
        .isNotEmpty()
        .allSatisfy(given -> assertThat(pom("")).contains("<" + given.group(1) + ">"));
    assertThat(instruction("ARG NATIVES=")).isEqualTo("ARG NATIVES=" + property("dl4j.natives"));
    assertThat(maven).contains("cuda) set -- -Pcuda");
    assertThat(pom("deploy/lib")).contains("<id>cuda</id>");
  }

  @Test
  void standsOnTheFlinkThatMillraceIsBuiltWithPinnedByTag() {
    assertThat(instruction("ARG FLINK_IMAGE="))
        .isEqualTo(
            "ARG FLINK_IMAGE=flink:%s-scala_2.12-java17".formatted(property("flink.version")));
    assertThat(instruction("ARG MAVEN_IMAGE=")).matches(".*maven:\\d+\\.\\d+\\.\\d+-.*-17");
    assertThat(INSTRUCTIONS.stream().filter(each -> each.startsWith("FROM")))
        .containsExactly("FROM ${MAVEN_IMAGE} AS build", "FROM ${FLINK_IMAGE}");
    assertThat(INSTRUCTIONS).noneMatch(each -> each.contains("latest"));
  }

  @Test
  void endsAsAUserOtherThanRootByNumber() {
    assertThat(IMAGE.instructions().stream().filter(each -> each.startsWith("USER")))
        .containsExactly("USER 9999:9999");
    assertThat(IMAGE.instructions().indexOf("USER 9999:9999"))
        .isGreaterThan(lastIndexOf("COPY"))
        .isGreaterThan(lastIndexOf("RUN"));
  }

  @Test
  void hasAnEntryThatCanBeRun() {
    Path entry = IMAGE.source("/opt/millrace/bin/entrypoint.sh").get();

    assertThat(Files.isExecutable(entry)).isTrue();
    assertThat(IMAGE.instructions()).contains("ENTRYPOINT [\"/opt/millrace/bin/entrypoint.sh\"]");
    String sourced =
        Pattern.compile("(?m)^\\. (\\S+)$")
            .matcher(Repository.text(entry))
            .results()
            .findFirst()
            .get()
            .group(1);
    assertThat(IMAGE.holds(sourced)).as(sourced).isTrue();
  }

  private static int lastIndexOf(String word) {
    int last = -1;
    for (int i = 0; i < IMAGE.instructions().size(); i++) {
      last = IMAGE.instructions().get(i).startsWith(word + " ") ? i : last;
    }
    return last;
  }

  private static String instruction(String beginning) {
    return INSTRUCTIONS.stream().filter(each -> each.startsWith(beginning)).findFirst().orElse("");
  }

  private static String pom(String module) {
    return Repository.text(REPOSITORY.root().resolve(module).resolve("pom.xml"));
  }

  private static String property(String name) {
    return Pattern.compile("<%1$s>(.*)</%1$s>".formatted(name))
        .matcher(pom(""))
        .results()
        .findFirst()
        .get()
        .group(1);
  }
}
