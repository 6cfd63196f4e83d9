package dev.millrace.deploy.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small disk for each TaskManager's temporary files, if this machine lets us mount any. */
final class SmallDisks implements AutoCloseable {
  /** One for each TaskManager that a test ever starts. */
  private static final int DISKS = 16;

  private static final int MEGABYTES = 64;

  private final Path folder;
  private final List<Mount> mounted = new ArrayList<>();
  private String whyNot;

  /**
   * @param folder Flink's io.tmp.dirs
   */
  SmallDisks(Path folder) throws IOException {
    this.folder = folder;
    for (int number = 1; number <= DISKS; number++) {
      Files.createDirectories(of("taskmanager-" + number));
    }
    try {
      for (int number = 1; number <= DISKS; number++) {
        mounted.add(Mount.disk(of("taskmanager-" + number), MEGABYTES));
      }
    } catch (IOException e) {
      whyNot = e.getMessage();
    }
  }

  /** Why there are none; null if there are. */
  String whyNot() {
    return whyNot;
  }

  /** Where a TaskManager puts its files. */
  Path of(String taskManager) {
    return folder.resolve("tm_" + taskManager);
  }

  /** Writes until nothing more fits; returns what has to be deleted to make room again. */
  Path fill(String taskManager) throws IOException {
    Path filler = of(taskManager).resolve("filler");
    byte[] bytes = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(bytes);
      }
    } catch (IOException e) {
      assertThat(e).hasMessage("No space left on device");
    }
    return filler;
  }

  @Override
  public void close() throws IOException {
    for (Mount disk : mounted) {
      disk.close();
    }
  }
}
