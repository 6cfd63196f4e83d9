package dev.millrace.job.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What lies in a run folder, for a client elsewhere that wants the same. */
final class RunContents {
  /** Bytes in an answer at most: what is passed on by a JobManager should be small. */
  static final int MOST = 256 * 1024;

  private final RunFolder folder;
  private final Map<String, AppendedFile> growing;

  /**
   * @param growing the files that are appended to; everything appended must be visible
   */
  RunContents(RunFolder folder, List<AppendedFile> growing) {
    this.folder = folder;
    this.growing =
        growing.stream().collect(Collectors.toMap(file -> name(file.path()), Function.identity()));
  }

  private String name(Path path) {
    return folder.root().relativize(path).toString().replace('\\', '/');
  }

  /** Everything a client does not make itself. */
  List<Answer.Content> list() throws IOException {
    List<Answer.Content> list = new ArrayList<>();
    growing.forEach(
        (name, file) ->
            list.add(new Answer.Content(name, true, file.end().from(), file.end().length(), 0)));
    for (Path replaced : List.of(folder.summary(), folder.bestPolicy())) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(replaced, BasicFileAttributes.class);
        list.add(
            new Answer.Content(
                name(replaced),
                false,
                0,
                attributes.size(),
                attributes.lastModifiedTime().toMillis()));
      } catch (NoSuchFileException notYet) {
        continue;
      }
    }
    return list;
  }

  /**
   * Bytes of one of the files.
   *
   * @param from offset of the first; for a file that grows, counted since the run began
   * @return at most {@link #MOST} bytes; none if there are none, or no such file
   */
  byte[] read(String name, long from) throws IOException {
    AppendedFile file = growing.get(name);
    long missing = file == null ? 0 : file.end().missing();
    boolean offered = list().stream().anyMatch(content -> content.name().equals(name));
    if (!offered || from < missing) {
      return new byte[0];
    }
    ByteBuffer bytes = ByteBuffer.allocate(MOST);
    try (SeekableByteChannel channel = Files.newByteChannel(folder.root().resolve(name))) {
      channel.position(from - missing);
      while (bytes.hasRemaining() && channel.read(bytes) > 0) {}
    } catch (NoSuchFileException gone) {
      return new byte[0];
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }
}
