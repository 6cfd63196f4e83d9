package dev.millrace.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmittedJobTest {
  @TempDir private Path root;

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    RunFolder folder = RunFolder.at(root.resolve("run"));
    assertThat(SubmittedJob.read(folder)).isEmpty();
    new SubmittedJob("ab12", null).write(folder);
    assertThat(SubmittedJob.read(folder)).contains(new SubmittedJob("ab12", null));
    new SubmittedJob("ab12", "file:/savepoint-1").write(folder);
    assertThat(SubmittedJob.read(folder)).contains(new SubmittedJob("ab12", "file:/savepoint-1"));
    assertThat(Files.list(folder.root())).containsExactly(folder.job());
  }
}
