package dev.millrace.job.run;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that grows at its end and can be cut back to the length a checkpoint knows. Where the task
 * came back on a machine without the file, it goes on in a new one; what is counted is the length
 * since the run began.
 */
final class AppendedFile implements Closeable {
  private final Path path;
  private final OutputStream out;
  private final long missing;
  private final long from;
  private long length;

  /**
   * Where a file ends.
   *
   * @param missing bytes of the run that came before the first byte of the file
   * @param from the first byte of the run that is surely in the file
   * @param length bytes of the run, missing ones included
   */
  record End(long missing, long from, long length) {
    static final End NEW = new End(0, 0, 0);

    void save(DataOutput out) throws IOException {
      out.writeLong(missing);
      out.writeLong(from);
      out.writeLong(length);
    }

    static End restored(DataInput in) throws IOException {
      return new End(in.readLong(), in.readLong(), in.readLong());
    }
  }

  /**
   * Opens the file and cuts it to {@code end}. One that is shorter, because the run goes on without
   * its folder, goes on as it is.
   *
   * @param header what a file that is empty begins with
   */
  AppendedFile(Path path, End end, byte[] header) throws IOException {
    this.path = path;
    Files.createDirectories(path.getParent());
    long present = cut(end.length() - end.missing());
    out = new BufferedOutputStream(new FileOutputStream(path.toFile(), true));
    from = present == end.length() - end.missing() ? end.from() : end.length();
    if (present == 0) {
      out.write(header);
      present = header.length;
    }
    length = Math.max(end.length(), header.length);
    missing = length - present;
  }

  /**
   * Puts a copy in its place that ends there. Whoever still has the old one open, because its
   * machine stood still and was given up, appends to what nobody sees.
   *
   * @return its length, which is less if there was less
   */
  private long cut(long length) throws IOException {
    Path copy = path.resolveSibling(path.getFileName() + ".partial");
    try (FileChannel to =
        FileChannel.open(
            copy,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      if (Files.exists(path)) {
        try (FileChannel from = FileChannel.open(path, StandardOpenOption.READ)) {
          long present = Math.min(length, from.size());
          for (long at = 0; at < present; ) {
            at += from.transferTo(at, present - at, to);
          }
        }
      }
    }
    Files.move(copy, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return Files.size(path);
  }

  void append(byte[] bytes) throws IOException {
    out.write(bytes);
    length += bytes.length;
  }

  /** Makes everything appended visible to readers. */
  void flush() throws IOException {
    out.flush();
  }

  Path path() {
    return path;
  }

  /** Where it ends, bytes not yet visible included. */
  End end() {
    return new End(missing, from, length);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
