package dev.millrace.job.client;

import dev.millrace.job.run.Answer;
import dev.millrace.job.run.Question;
import dev.millrace.job.run.RunFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a run folder here like that of a job elsewhere. What a job takes back when it restarts from
 * a checkpoint is taken back here as well: whenever its recorder was opened anew, files that grow
 * are fetched from their beginning.
 */
public final class RunMirror {
  private final RunFolder folder;
  private final Map<String, Answer.Content> fetched = new HashMap<>();
  private final Set<String> begun = new HashSet<>();
  private final Map<String, Long> missing = new HashMap<>();
  private long generation;

  /** How to ask for more; empty when there is no answer. */
  @FunctionalInterface
  public interface Asking {
    Optional<Answer> ask(Question question) throws InterruptedException;
  }

  public RunMirror(RunFolder folder) {
    this.folder = folder;
  }

  /** Fetches what {@code answer} lists and is not here yet; gives up when answers stop. */
  public void fetch(Answer answer, boolean halt, Asking asking)
      throws IOException, InterruptedException {
    folder.writeProgress(answer.progress());
    if (answer.generation() != generation) {
      generation = answer.generation();
      fetched.clear();
      begun.clear();
    }
    for (Answer.Content content : answer.files()) {
      boolean fetchedAll =
          content.grows() ? append(content, halt, asking) : replace(content, halt, asking);
      if (!fetchedAll) {
        return;
      }
    }
  }

  private boolean append(Answer.Content content, boolean halt, Asking asking)
      throws IOException, InterruptedException {
    Path path = folder.root().resolve(content.name());
    if (begun.add(content.name())) {
      begin(path, content);
    }
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      long behind = missing.get(content.name());
      while (file.size() + behind < content.length()) {
        Question question = new Question(halt, content.name(), file.size() + behind);
        Answer more = same(asking.ask(question));
        if (more == null || more.content().length == 0) {
          return false;
        }
        file.write(ByteBuffer.wrap(more.content()));
      }
    }
    return true;
  }

  /** Keeps of the file what was surely not taken back. */
  private void begin(Path path, Answer.Content content) throws IOException {
    Files.createDirectories(path.getParent());
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long behind = missing.getOrDefault(content.name(), 0L);
      file.truncate(Math.max(0, content.from() - behind));
      missing.put(content.name(), content.from() - file.size());
    }
  }

  private boolean replace(Answer.Content content, boolean halt, Asking asking)
      throws IOException, InterruptedException {
    if (content.equals(fetched.get(content.name()))) {
      return true;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (bytes.size() < content.length()) {
      Answer more = same(asking.ask(new Question(halt, content.name(), bytes.size())));
      if (more == null || more.content().length == 0) {
        return false;
      }
      if (!more.files().contains(content)) {
        return true; // replaced meanwhile: the next answer lists the new one
      }
      bytes.write(more.content());
    }
    folder.replace(content.name(), bytes.toByteArray());
    fetched.put(content.name(), content);
    return true;
  }

  private Answer same(Optional<Answer> answer) {
    return answer.filter(each -> each.generation() == generation).orElse(null);
  }
}
