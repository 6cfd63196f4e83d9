package dev.millrace.job.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.RunProgress;
import dev.millrace.job.run.Runner.Ending;
import dev.millrace.job.run.Runner.Outcome;
import dev.millrace.job.run.StopRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class AttendedRunTest {
  @TempDir private Path folder;
  private final TestingJob job = new TestingJob();
  private final StopRequest stop = new StopRequest();

  private Outcome attend() throws Exception {
    return attend(null);
  }

  private Outcome attend(RunMirror mirror) throws Exception {
    return new AttendedRun(job, stop, Duration.ofMillis(1), mirror).attend();
  }

  @Test
  void aRunThatIsOverIsStoppedWithASavepoint() throws Exception {
    job.at(10).at(20).over(false);
    assertThat(attend()).isEqualTo(new Outcome(Ending.BUDGET_SPENT, TestingJob.SAVEPOINT));
    assertThat(job.asked)
        .containsExactly("how it stands", "how it stands", "how it stands", "halt", "stop");
  }

  @Test
  void aTargetThatWasReachedIsSaid() throws Exception {
    job.over(true);
    assertThat(attend()).isEqualTo(new Outcome(Ending.TARGET_REACHED, TestingJob.SAVEPOINT));
  }

  @Test
  void whoAsksForAStopGetsASavepoint() throws Exception {
    job.answering(
            () -> {
              stop.request();
              return Optional.empty();
            })
        .at(30);
    assertThat(attend()).isEqualTo(new Outcome(Ending.STOPPED, TestingJob.SAVEPOINT));
    assertThat(job.asked).startsWith("how it stands", "halt").endsWith("halt", "stop");
    assertThat(job.asked).containsOnlyOnce("how it stands", "stop");
  }

  @Test
  void aStopAskedForBeforeAnythingRunsIsHeeded() throws Exception {
    stop.request();
    job.silent();
    assertThat(attend()).isEqualTo(new Outcome(Ending.STOPPED, TestingJob.SAVEPOINT));
  }

  @Test
  void silenceIsWaitedOut() throws Exception {
    job.silent().silent().at(10).silent().over(true);
    assertThat(attend().ending()).isEqualTo(Ending.TARGET_REACHED);
  }

  @Test
  void aJobThatFailsSaysWhy() {
    job.answering(
        () -> {
          job.end.completeExceptionally(
              new IllegalStateException("job failed", new ArithmeticException("not finite")));
          return Optional.empty();
        });
    assertThatThrownBy(this::attend)
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("not finite");
    assertThat(job.asked).containsExactly("how it stands");
  }

  @Test
  void aJobThatEndsByItselfLeavesNoSavepoint() throws Exception {
    job.answering(
        () -> {
          job.end.complete(null);
          return Optional.empty();
        });
    assertThat(attend()).isEqualTo(new Outcome(Ending.BUDGET_SPENT, null));
    assertThat(job.asked).doesNotContain("stop");
  }

  @Test
  void aJobThatEndsWhileItIsStoppedLeavesNoSavepoint() throws Exception {
    job.over(true);
    job.stopping =
        () -> {
          job.end.complete(null);
          return Optional.empty();
        };
    assertThat(attend()).isEqualTo(new Outcome(Ending.TARGET_REACHED, null));
  }

  @Test
  void aSavepointThatFailsSaysWhy() {
    job.over(false);
    job.stopping =
        () -> {
          throw new ExecutionException(new IllegalStateException("disk full"));
        };
    assertThatThrownBy(this::attend).hasMessage("disk full");
  }

  @Test
  void aJobThatIsLostIsNoLongerWaitedFor() {
    job.answering(
        () -> {
          throw new LostJobException("has not answered", null);
        });
    assertThatThrownBy(this::attend).isInstanceOf(LostJobException.class);
  }

  @Test
  void beforeItIsStoppedWhatWasUnderWayIsTold() throws Exception {
    RunFolder copy = RunFolder.at(folder);
    stop.request();
    job.at(10).at(11).at(11).at(12);

    attend(new RunMirror(copy));

    assertThat(job.asked).startsWith("how it stands", "halt").endsWith("halt", "stop");
    assertThat(RunProgress.read(copy).orElseThrow().environmentSteps()).isEqualTo(12);
  }
}
