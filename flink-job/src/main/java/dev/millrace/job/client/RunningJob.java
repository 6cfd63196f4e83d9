package dev.millrace.job.client;

import dev.millrace.job.run.Answer;
import dev.millrace.job.run.Question;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A job that was submitted, wherever it runs. */
public interface RunningJob {

  /** Completes when the job has ended; exceptionally if it failed or was cancelled. */
  CompletableFuture<?> end();

  /**
   * Asks the job's recorder. Waits for the answer.
   *
   * @return empty while nobody answers, as during a restart
   * @throws LostJobException if nobody will
   */
  Optional<Answer> ask(Question question) throws InterruptedException;

  /**
   * Stops with a native savepoint. Waits until the job has ended.
   *
   * @return where the savepoint is; empty if the job ended by itself before that
   * @throws Exception if the savepoint failed; the job then goes on
   */
  Optional<URI> stop() throws Exception;
}
