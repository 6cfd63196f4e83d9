package dev.millrace.deploy.kubernetes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The image that {@code deploy/docker/Dockerfile} builds, as far as it can be told without
 * building.
 *
 * @param instructions of the last stage, continuation lines joined
 * @param copies into the last stage, in order
 */
record Image(Path root, List<String> instructions, List<Copy> copies) {
  private static final String BUILD_STAGE = "--from=build";
  private static final String BUILD_FOLDER = "/src/";

  /**
   * A COPY.
   *
   * @param built whether from the build stage rather than from the repository as it is
   * @param source relative to the repository
   */
  record Copy(boolean built, String source, String target) {}

  static Image of(Repository repository) {
    List<String> stage = new ArrayList<>();
    for (String instruction : instructions(Repository.text(repository.dockerfile()))) {
      if (instruction.startsWith("FROM ")) {
        stage.clear();
      }
      stage.add(instruction);
    }
    List<Copy> copies =
        stage.stream().filter(each -> each.startsWith("COPY ")).map(Image::copy).toList();
    return new Image(repository.root(), stage, copies);
  }

  /** All instructions of a Dockerfile, without comments, each in one line. */
  static List<String> instructions(String dockerfile) {
    String joined = dockerfile.replaceAll("(?m)^\\s*#.*\\R?", "").replaceAll("\\\\\\R\\s*", "");
    return joined.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private static Copy copy(String instruction) {
    List<String> words = new ArrayList<>(List.of(instruction.split("\\s+")));
    boolean built = words.remove(BUILD_STAGE);
    if (words.size() != 3) {
      throw new IllegalArgumentException(instruction + ": a COPY here has one source and a target");
    }
    String source = words.get(1);
    if (built && !source.startsWith(BUILD_FOLDER)) {
      throw new IllegalArgumentException(instruction + ": the build's files are under /src");
    }
    return new Copy(built, built ? source.substring(BUILD_FOLDER.length()) : source, words.get(2));
  }

  /**
   * The repository's file that lies at {@code path} in the image, whether it is built yet or not.
   */
  Optional<Path> source(String path) {
    return copies.stream()
        .filter(
            copy ->
                copy.target().endsWith("/")
                    ? path.startsWith(copy.target())
                    : path.equals(copy.target()))
        .map(copy -> root.resolve(copy.source() + path.substring(copy.target().length())))
        .findFirst();
  }

  /** Whether {@code path} is a file of the image that is built, or copied and exists. */
  boolean holds(String path) {
    return source(path)
        .filter(file -> Files.isRegularFile(file) || file.toString().contains("/target/"))
        .isPresent();
  }

  /** Whether the last stage puts {@code plugin} into Flink's plugin folder. */
  boolean hasPlugin(String plugin) {
    return instructions.stream()
        .anyMatch(
            each -> each.startsWith("RUN ") && each.contains("/opt/flink/plugins/" + plugin + "/"));
  }
}
