package dev.millrace.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path root;

  @Test
  void anEarlierRunMovesAsideWhole() throws IOException {
    RunFolder folder = RunFolder.at(root.resolve("pole"));
    folder.writeConfig("first");
    assertThat(folder.makeRoom()).contains(root.resolve("pole.1"));
    folder.writeConfig("second");
    assertThat(folder.makeRoom()).contains(root.resolve("pole.2"));

    assertThat(folder.root()).doesNotExist();
    assertThat(root.resolve("pole.1/config.yaml")).hasContent("first");
    assertThat(root.resolve("pole.2/config.yaml")).hasContent("second");
  }

  @Test
  void anEmptyFolderIsUsedAndOneWithOtherThingsIsNot() throws IOException {
    RunFolder folder = RunFolder.at(root.resolve("pole"));
    Files.createDirectory(folder.root());
    assertThat(folder.makeRoom()).isEmpty();

    Files.writeString(folder.root().resolve("thesis.tex"), "years of work");

    assertThatThrownBy(folder::makeRoom)
        .hasMessage(folder.root() + " holds something that is no run; name another folder");
  }

  @Test
  void theNewestCompleteSavepointOrCheckpointIsResumedFrom() throws IOException {
    RunFolder folder = RunFolder.at(root);
    assertThat(folder.newestSavepoint()).isEmpty();
    metadata(folder.savepoints().resolve("savepoint-a"), 1_000);
    metadata(folder.checkpoints().resolve("job").resolve("chk-9"), 2_000);
    Files.createDirectories(folder.checkpoints().resolve("job").resolve("chk-10"));

    assertThat(folder.newestSavepoint())
        .contains(folder.checkpoints().resolve("job").resolve("chk-9"));
  }

  private static void metadata(Path savepoint, long modified) throws IOException {
    Files.createDirectories(savepoint);
    Path file = Files.createFile(savepoint.resolve("_metadata"));
    assertThat(file.toFile().setLastModified(modified)).isTrue();
  }
}
