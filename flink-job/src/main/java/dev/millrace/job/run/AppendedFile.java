package dev.millrace.job.run;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that grows at its end and can be cut back to the length a checkpoint knows. */
final class AppendedFile implements Closeable {
  private final OutputStream out;
  private long length;

  /**
   * Opens the file and cuts it to {@code length}. One that is shorter, because the run was resumed
   * without its folder, goes on as it is.
   *
   * @param header what a file that is empty begins with
   */
  AppendedFile(Path path, long length, byte[] header) throws IOException {
    Files.createDirectories(path.getParent());
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(length);
      this.length = channel.size();
    }
    out = new BufferedOutputStream(new FileOutputStream(path.toFile(), true));
    if (this.length == 0) {
      append(header);
    }
  }

  void append(byte[] bytes) throws IOException {
    out.write(bytes);
    length += bytes.length;
  }

  /** Makes everything appended visible to readers. */
  void flush() throws IOException {
    out.flush();
  }

  /** Bytes, those not yet visible included. */
  long length() {
    return length;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
