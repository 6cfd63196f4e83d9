package dev.millrace.deploy.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A file system that is mounted until this is closed, or this JVM has ended. */
final class Mount implements AutoCloseable {
  private final Process holder;

  private Mount(Process holder) {
    this.holder = holder;
  }

  /** An empty disk of that size. */
  static Mount disk(Path folder, int megabytes) throws IOException {
    return of(folder, "mount -t tmpfs -o size=" + megabytes + "m millrace-test \"$0\"");
  }

  /** What is in the folder, which nobody can change. */
  static Mount readOnly(Path folder) throws IOException {
    return of(folder, "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\"");
  }

  /**
   * @throws IOException if mounting is not possible here, with the reason
   */
  private static Mount of(Path folder, String command) throws IOException {
    // The shell reads until this JVM closes the pipe, be it by its end.
    String script = command + " || exit 1; echo mounted; cat; umount -l \"$0\"";
    Process holder =
        new ProcessBuilder("/bin/sh", "-c", script, folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = holder.inputReader(StandardCharsets.UTF_8).readLine();
    if (!"mounted".equals(said)) {
      throw new IOException("cannot mount on " + folder + ": " + said);
    }
    return new Mount(holder);
  }

  @Override
  public void close() throws IOException {
    holder.getOutputStream().close();
    try {
      holder.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
