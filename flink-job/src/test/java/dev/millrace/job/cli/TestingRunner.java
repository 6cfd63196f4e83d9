package dev.millrace.job.cli;

import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Remembers what it was asked to run, and ends as it was told. */
final class TestingRunner implements Runner {
  Launch launch;
  Ending ending = Ending.TARGET_REACHED;
  Exception failure;
  String job;
  Cluster asked;

  @Override
  public Outcome run(Launch launch) throws Exception {
    this.launch = launch;
    if (failure != null) {
      throw failure;
    }
    return new Outcome(ending, ending == Ending.STOPPED ? savepoint(launch).toUri() : null);
  }

  @Override
  public Optional<String> running(RunFolder folder, Cluster cluster) {
    asked = cluster;
    return Optional.ofNullable(job);
  }

  private static Path savepoint(Launch launch) throws IOException {
    Path savepoint = Files.createDirectories(launch.folder().savepoints().resolve("savepoint-1"));
    Files.writeString(savepoint.resolve("_metadata"), "all of it");
    return savepoint;
  }
}
