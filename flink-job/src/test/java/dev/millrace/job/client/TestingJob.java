package dev.millrace.job.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.job.run.Answer;
import dev.millrace.job.run.Question;
import dev.millrace.job.run.RunProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Answers as it was told, the last answer again and again, and remembers what it was asked. */
final class TestingJob implements RunningJob {
  static final URI SAVEPOINT = URI.create("file:/savepoints/savepoint-1");
  private static final ObjectMapper JSON = new ObjectMapper();

  final CompletableFuture<Void> end = new CompletableFuture<>();
  final List<String> asked = new ArrayList<>();
  final Deque<Callable<Optional<Answer>>> answers = new ArrayDeque<>();
  Callable<Optional<URI>> stopping = () -> Optional.of(SAVEPOINT);

  TestingJob answering(Callable<Optional<Answer>> answer) {
    answers.add(answer);
    return this;
  }

  TestingJob at(long environmentSteps) {
    return answering(() -> Optional.of(answer(environmentSteps, false, false)));
  }

  TestingJob over(boolean targetReached) {
    return answering(() -> Optional.of(answer(100, targetReached, true)));
  }

  TestingJob silent() {
    return answering(Optional::empty);
  }

  private static Answer answer(long environmentSteps, boolean targetReached, boolean over)
      throws IOException {
    RunProgress progress =
        new RunProgress(1, environmentSteps, 0, 0, 0, 0, 0, 0, 0, 0, 0, targetReached, over);
    return new Answer(JSON.writeValueAsBytes(progress), 1, "/run", List.of(), new byte[0]);
  }

  @Override
  public CompletableFuture<?> end() {
    return end;
  }

  @Override
  public Optional<Answer> ask(Question question) {
    asked.add(question.halt() ? "halt" : "how it stands");
    try {
      return (answers.size() > 1 ? answers.poll() : answers.peek()).call();
    } catch (RuntimeException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Optional<URI> stop() throws Exception {
    asked.add("stop");
    return stopping.call();
  }
}
