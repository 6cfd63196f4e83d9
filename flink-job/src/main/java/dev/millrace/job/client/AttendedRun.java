package dev.millrace.job.client;

import dev.millrace.job.run.Answer;
import dev.millrace.job.run.Question;
import dev.millrace.job.run.RunProgress;
import dev.millrace.job.run.Runner.Ending;
import dev.millrace.job.run.Runner.Outcome;
import dev.millrace.job.run.StopRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Attends a job until it ends: keeps the run folder here up to date, and stops the job with a
 * savepoint when the run is over or a stop is asked for. Should this client disappear, the job goes
 * on and finishes by itself.
 */
public final class AttendedRun {
  /** Without news for so long, nothing is under way: tasks report every half a second. */
  private static final Duration QUIET = Duration.ofMillis(600);

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final RunningJob job;
  private final StopRequest stop;
  private final Duration interval;
  private final RunMirror mirror;
  private RunProgress progress;

  /**
   * @param interval between two looks at the job
   * @param mirror of the run folder; null if the job writes to the folder itself
   */
  public AttendedRun(RunningJob job, StopRequest stop, Duration interval, RunMirror mirror) {
    this.job = job;
    this.stop = stop;
    this.interval = interval;
    this.mirror = mirror;
  }

  /**
   * Blocks until the job has ended.
   *
   * @throws Exception if it failed: the deepest cause, which says what went wrong
   */
  public Outcome attend() throws Exception {
    while (true) {
      try {
        job.end().get(interval.toMillis(), TimeUnit.MILLISECONDS);
        return new Outcome(ending(Ending.BUDGET_SPENT), null);
      } catch (TimeoutException stillRunning) {
        look(Question.STANDING);
        if (progress != null && progress.over() || stop.requested()) {
          Optional<URI> savepoint = stop();
          if (savepoint.isPresent()) {
            boolean over = progress != null && progress.over();
            return new Outcome(
                ending(over ? Ending.BUDGET_SPENT : Ending.STOPPED), savepoint.get());
          }
        }
      } catch (ExecutionException failure) {
        throw cause(failure);
      }
    }
  }

  private Ending ending(Ending otherwise) {
    return progress != null && progress.targetReached() ? Ending.TARGET_REACHED : otherwise;
  }

  private Optional<Answer> look(Question question) throws IOException, InterruptedException {
    Optional<Answer> answer = job.ask(question);
    if (answer.isPresent()) {
      progress = RunProgress.of(answer.get().progress());
      if (mirror != null) {
        mirror.fetch(answer.get(), question.halt(), job::ask);
      }
    }
    return answer;
  }

  private Optional<URI> stop() throws Exception {
    halt();
    try {
      return job.stop();
    } catch (ExecutionException failure) {
      throw cause(failure);
    }
  }

  /** No more tickets; then waits until what was under way is told, unless all of it is. */
  private void halt() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    long changed = begin;
    RunProgress before = null;
    while (look(Question.HALT).isPresent() && !progress.over()) {
      long now = System.nanoTime();
      changed = same(before) ? changed : now;
      if (now - changed >= QUIET.toNanos() || now - begin >= PATIENCE.toNanos()) {
        return;
      }
      before = progress;
      Thread.sleep(interval.toMillis());
    }
  }

  private boolean same(RunProgress before) {
    return before != null
        && before.environmentSteps() == progress.environmentSteps()
        && before.updates() == progress.updates()
        && before.replaySize() == progress.replaySize();
  }

  /** The deepest cause, which is what went wrong; the rest tells how Flink learned of it. */
  public static Exception cause(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest instanceof Exception exception ? exception : new Exception(deepest);
  }
}
