package dev.millrace.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.client.RunMirror;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recorder in one folder, and a client's copy in another. */
class MirroredRunTest {
  @TempDir Path root;
  private final TestingTime time = new TestingTime();
  private Recorder recorder;
  private long generation;
  private int answersLeft = Integer.MAX_VALUE;

  private RunFolder original() {
    return RunFolder.at(root.resolve("job/run"));
  }

  private RunFolder copy() {
    return RunFolder.at(root.resolve("client/run"));
  }

  @BeforeEach
  void begin() throws IOException {
    recorder = new Recorder(recording(), time, 0, null);
    generation++;
  }

  private Recording recording() {
    return Reports.recording(original().root(), time.millis);
  }

  @AfterEach
  void close() throws IOException {
    recorder.close();
  }

  private void episodes(int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      recorder.record(Reports.acting(0, 10L * i));
      recorder.record(Reports.episode(10L * i, i));
    }
    time.millis += 1000;
    recorder.tick();
  }

  private byte[] saved() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    recorder.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private void restore(byte[] state) throws IOException {
    recorder.close();
    open(state);
  }

  private void restoreOnAnotherMachine(byte[] state) throws IOException {
    recorder.close();
    FileUtils.deleteDirectory(original().root().toFile());
    open(state);
  }

  private void open(byte[] state) throws IOException {
    recorder =
        new Recorder(recording(), time, 1, new DataInputStream(new ByteArrayInputStream(state)));
    generation++;
  }

  private Optional<Answer> ask(Question question) {
    if (answersLeft-- <= 0) {
      return Optional.empty();
    }
    try {
      return Answer.from(Answer.inEnvelope(recorder.answer(question, generation).bytes()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void fetch(RunMirror with) throws Exception {
    with.fetch(ask(Question.STANDING).orElseThrow(), false, this::ask);
  }

  private void assertSame() throws IOException {
    for (String name :
        new String[] {
          "episodes.csv",
          "evaluations.csv",
          "metrics.csv",
          "summary.json",
          "tensorboard/events.out.tfevents.millrace"
        }) {
      assertThat(copy().root().resolve(name))
          .hasSameBinaryContentAs(original().root().resolve(name));
    }
    assertThat(RunProgress.read(copy()).orElseThrow().environmentSteps())
        .isEqualTo(recorder.progress().environmentSteps());
  }

  @Test
  void theCopyFollowsTheRun() throws Exception {
    RunMirror mirror = new RunMirror(copy());
    episodes(0, 50);
    fetch(mirror);
    assertSame();
    episodes(50, 20_000); // more than one answer holds
    recorder.record(Reports.evaluation(400, 300, false, 1f));
    fetch(mirror);
    assertSame();
    assertThat(copy().bestPolicy()).hasSameBinaryContentAs(original().bestPolicy());
    recorder.record(Reports.evaluation(800, 400, false, 2f));
    time.millis += 1000;
    recorder.tick();
    fetch(mirror);
    assertThat(copy().bestPolicy()).hasSameBinaryContentAs(original().bestPolicy());
  }

  @Test
  void whatTheJobTakesBackIsTakenBack() throws Exception {
    RunMirror mirror = new RunMirror(copy());
    episodes(0, 50);
    byte[] checkpoint = saved();
    episodes(50, 100);
    fetch(mirror);
    restore(checkpoint);
    episodes(200, 210);
    fetch(mirror);
    assertSame();
    assertThat(Files.readAllLines(copy().episodes())).hasSize(1 + 50 + 10);
  }

  @Test
  void anAnswerThatDoesNotComeIsMadeUpForByTheNextLook() throws Exception {
    RunMirror mirror = new RunMirror(copy());
    episodes(0, 20_000);
    answersLeft = 2;
    fetch(mirror);
    assertThat(copy().episodes().toFile().length())
        .isLessThan(original().episodes().toFile().length());
    answersLeft = Integer.MAX_VALUE;
    fetch(mirror);
    assertSame();
  }

  @Test
  void anotherClientTakesOverTheCopy() throws Exception {
    episodes(0, 50);
    fetch(new RunMirror(copy()));
    Files.writeString(copy().episodes(), "not of this run\n".repeat(500));
    episodes(50, 60);
    fetch(new RunMirror(copy()));
    assertSame();
  }

  @Test
  void whatWasFetchedOutlivesTheJobsOwnFolder() throws Exception {
    RunMirror mirror = new RunMirror(copy());
    episodes(0, 50);
    byte[] checkpoint = saved();
    fetch(mirror);
    restoreOnAnotherMachine(checkpoint);
    episodes(50, 60);
    fetch(mirror);
    assertThat(Files.readAllLines(copy().episodes()))
        .hasSize(1 + 50 + 10)
        .endsWith("590,0,59,59,false");
    byte[] second = saved();
    restore(second);
    episodes(60, 70);
    fetch(mirror);
    assertThat(Files.readAllLines(copy().episodes()))
        .hasSize(1 + 50 + 10 + 10)
        .endsWith("690,0,69,69,false")
        .doesNotHaveDuplicates();
  }
}
