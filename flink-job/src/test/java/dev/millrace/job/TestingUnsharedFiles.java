package dev.millrace.job;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/** A disk on which nobody sees what others made: {@code unshared:///a/directory}. */
public final class TestingUnsharedFiles implements FileSystemFactory {
  static final AtomicInteger LOOKS = new AtomicInteger();

  @Override
  public String getScheme() {
    return "unshared";
  }

  @Override
  public FileSystem create(URI uri) {
    return new LocalFileSystem() {
      @Override
      public URI getUri() {
        return URI.create("unshared:///");
      }

      @Override
      public boolean exists(Path path) throws IOException {
        LOOKS.incrementAndGet();
        return false;
      }
    };
  }
}
