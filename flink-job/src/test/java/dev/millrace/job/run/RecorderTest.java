package dev.millrace.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
  @TempDir Path root;
  private final TestingTime time = new TestingTime();
  private final long started = time.millis - 2000;

  private RunFolder folder() {
    return RunFolder.at(root);
  }

  private Recorder begin() throws IOException {
    return new Recorder(Reports.recording(root, started), time, 0, null);
  }

  private Recorder restore(byte[] state, long startedAtMillis, int attempt) throws IOException {
    return new Recorder(
        Reports.recording(root, startedAtMillis),
        time,
        attempt,
        new DataInputStream(new ByteArrayInputStream(state)));
  }

  private static byte[] saved(Recorder recorder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    recorder.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  /** Everything that one second of a run reports, from {@code steps} on. */
  private void second(Recorder recorder, long steps) throws IOException {
    recorder.record(Reports.acting(0, steps / 2));
    recorder.record(Reports.acting(1, steps / 2));
    recorder.record(Reports.replay(0, steps / 2, steps * 8));
    recorder.record(Reports.replay(1, steps / 2, steps * 8));
    recorder.record(Reports.learning(steps / 4));
    recorder.record(Reports.episode(steps, steps / 100.0));
    time.millis += 1000;
    recorder.tick();
  }

  @Test
  void writesEpisodesEvaluationsAndMetrics() throws IOException {
    try (Recorder recorder = begin()) {
      second(recorder, 400);
      recorder.record(Reports.evaluation(400, 120.5, false, 1f));
    }

    assertThat(Files.readString(folder().episodes()))
        .isEqualTo(
            """
            environment_steps,environment,episode_return,length,truncated
            400,0,4,4,false
            """);
    assertThat(Files.readString(folder().evaluations()))
        .isEqualTo(
            """
            environment_steps,updates,episodes,mean_return,decisive,target_reached
            400,40,100,120.5,true,false
            """);
    List<String> metrics = Files.readAllLines(folder().metrics());
    assertThat(metrics.get(0))
        .isEqualTo(
            "seconds,environment_steps,updates,episodes,mean_return,best_evaluation,"
                + "steps_per_second,updates_per_second,loss,gradient_norm,mean_value,policy_lag,"
                + "updates_dropped,transitions_refused,entropy,environment_faults,"
                + "replay_size,inserted,sampled,samples_per_insert,priorities_applied,priorities_ignored,priorities_dropped,"
                + "replay_cached_bytes,replay_stored_bytes,checkpoints,restarts");
    assertThat(metrics.get(1))
        .isEqualTo(
            "3,400,100,1,4,,400,100,0.5,1.5,20,12,0,3,0.6,0,400,400,6400,16,10,4,2,2000,4000,0,0");
  }

  @Test
  void aMeasureIsLeftOutUntilAnUpdateMeasuredIt() throws IOException {
    try (Recorder recorder = begin()) {
      recorder.record(
          new Report.Learning(
              new ParameterVersion(1, 1), 1, Double.NaN, Double.NaN, Double.NaN, 0, 0, List.of()));
      time.millis += 1000;
      recorder.tick();
      second(recorder, 400);
    }

    List<String> metrics = Files.readAllLines(folder().metrics());
    int entropy = List.of(metrics.get(0).split(",")).indexOf("entropy");
    assertThat(metrics.get(1).split(",", -1)[entropy]).isEmpty();
    assertThat(metrics.get(2).split(",", -1)[entropy]).isEqualTo("0.6");
  }

  @Test
  void measuresOutliveACheckpoint() throws IOException {
    byte[] state;
    try (Recorder recorder = begin()) {
      second(recorder, 400);
      state = saved(recorder);
    }
    try (Recorder recorder = restore(state, started, 1)) {
      time.millis += 1000;
      recorder.tick();
    }

    List<String> metrics = Files.readAllLines(folder().metrics());
    int entropy = List.of(metrics.get(0).split(",")).indexOf("entropy");
    assertThat(metrics.get(metrics.size() - 1).split(",", -1)[entropy]).isEqualTo("0.6");
  }

  @Test
  void summarizesTheRunWithExactlyTheAgreedKeys() throws IOException {
    try (Recorder recorder = begin()) {
      second(recorder, 400);
      recorder.checkpointed();
      second(recorder, 800);
      recorder.record(Reports.evaluation(800, 480, true, 1f));
      time.millis += 5000;
    }

    JsonNode summary = new ObjectMapper().readTree(folder().summary().toFile());
    List<String> keys = new ArrayList<>();
    summary.fieldNames().forEachRemaining(keys::add);
    assertThat(keys)
        .containsExactly(
            "solved",
            "seconds_to_target",
            "environment_steps",
            "updates",
            "best_evaluation",
            "mean_return",
            "steps_per_second",
            "updates_per_second",
            "checkpoints",
            "restarts",
            "seed",
            "versions");
    assertThat(summary.get("solved").asBoolean()).isTrue();
    assertThat(summary.get("seconds_to_target").asDouble()).isEqualTo(4);
    assertThat(summary.get("environment_steps").asLong()).isEqualTo(800);
    assertThat(summary.get("updates").asLong()).isEqualTo(200);
    assertThat(summary.get("best_evaluation").asDouble()).isEqualTo(480);
    assertThat(summary.get("mean_return").asDouble()).isEqualTo(6);
    assertThat(summary.get("steps_per_second").asDouble()).isEqualTo(400);
    assertThat(summary.get("updates_per_second").asDouble()).isEqualTo(100);
    assertThat(summary.get("checkpoints").asLong()).isEqualTo(1);
    assertThat(summary.get("restarts").asLong()).isZero();
    assertThat(summary.get("seed").asLong()).isEqualTo(7);
    assertThat(summary.get("versions").get("millrace").asText()).isEqualTo("0");
  }

  @Test
  void whatIsNotKnownIsNull() throws IOException {
    begin().close();

    JsonNode summary = new ObjectMapper().readTree(folder().summary().toFile());
    assertThat(summary.get("solved").asBoolean()).isFalse();
    assertThat(summary.get("seconds_to_target").isNull()).isTrue();
    assertThat(summary.get("best_evaluation").isNull()).isTrue();
    assertThat(summary.get("steps_per_second").isNull()).isTrue();
  }

  @Test
  void aRestoreCutsTheCurvesBackToTheCheckpointEveryTime() throws IOException {
    Recorder first = begin();
    second(first, 400);
    byte[] state = saved(first);
    String episodes = Files.readString(folder().episodes());
    String metrics = Files.readString(folder().metrics());
    byte[] events = Files.readAllBytes(folder().tensorBoardEvents());
    second(first, 800);
    first.close();

    for (int attempt = 1; attempt <= 2; attempt++) {
      Recorder again = restore(state, started, attempt);
      assertThat(Files.readString(folder().episodes())).isEqualTo(episodes);
      assertThat(Files.readString(folder().metrics())).isEqualTo(metrics);
      assertThat(Files.readAllBytes(folder().tensorBoardEvents())).isEqualTo(events);
      second(again, 900 + attempt);
      again.close();
    }

    assertThat(Files.readAllLines(folder().episodes()))
        .containsExactly(
            "environment_steps,environment,episode_return,length,truncated",
            "400,0,4,4,false",
            "902,0,9.02,9,false");
  }

  /** As on a machine that stood still and was given up, and goes on. */
  @Test
  void aRecorderWhosePlaceIsTakenNoLongerWritesIntoTheCurves() throws IOException {
    Recorder first = begin();
    second(first, 400);
    byte[] state = saved(first);
    Recorder again = restore(state, started, 1);

    second(first, 800);
    first.close();
    second(again, 900);
    again.close();

    assertThat(Files.readAllLines(folder().episodes()))
        .containsExactly(
            "environment_steps,environment,episode_return,length,truncated",
            "400,0,4,4,false",
            "900,0,9,9,false");
    assertThat(Files.readAllLines(folder().metrics()))
        .extracting(row -> row.split(",")[1])
        .containsExactly("environment_steps", "400", "900");
  }

  @Test
  void aFreshStartForgetsWhatAnAttemptWithoutACheckpointWrote() throws IOException {
    Recorder first = begin();
    second(first, 400);
    first.close();

    begin().close();

    assertThat(Files.readAllLines(folder().episodes())).hasSize(1);
  }

  @Test
  void aRestoredRecorderGoesOnAsTheFirstWouldHave() throws IOException {
    Recorder first = begin();
    second(first, 400);
    first.record(Reports.evaluation(400, 300, false, 1f));
    byte[] state = saved(first);
    second(first, 800);
    first.checkpointed();
    RunProgress expected = first.progress();
    first.close();

    time.millis -= 1000;
    Recorder again = restore(state, started, 0);
    second(again, 800);

    assertThat(again.progress())
        .usingRecursiveComparison()
        .ignoringFields("checkpointAtMillis", "restarts")
        .isEqualTo(expected);
    assertThat(again.progress().restarts()).as("by another JobManager").isEqualTo(1);
    again.close();
  }

  @Test
  void theBestPolicyIsThatOfTheCheckpoint() throws IOException {
    Recorder first = begin();
    first.record(Reports.evaluation(400, 300, false, 1f));
    byte[] state = saved(first);
    first.record(Reports.evaluation(800, 400, false, 2f));
    first.close();
    assertThat(PolicyFile.read(folder().bestPolicy()).values()).containsOnly(2f);

    Recorder again = restore(state, started, 1);

    assertThat(PolicyFile.read(folder().bestPolicy()).values()).containsOnly(1f);
    assertThat(again.progress().bestEvaluation()).isEqualTo(300);
    assertThat(again.progress().restarts()).isEqualTo(1);
    again.close();
  }

  @Test
  void aResumeWithAHigherTargetHasNotReachedIt() throws IOException {
    Recorder first = begin();
    first.record(Reports.evaluation(400, 480, true, 1f));
    byte[] state = saved(first);
    first.close();

    assertThat(resumed(state, 490).progress().targetReached()).isFalse();
    assertThat(resumed(state, 475).progress().targetReached()).isTrue();
  }

  private Recorder resumed(byte[] state, double targetReturn) throws IOException {
    return new Recorder(
        Reports.recording(root, started, targetReturn),
        time,
        0,
        new DataInputStream(new ByteArrayInputStream(state)));
  }

  @Test
  void aResumeAddsTheTimeOfItsCommandToThatOfTheOneBefore() throws IOException {
    Recorder first = begin();
    second(first, 400);
    byte[] state = saved(first);
    first.close();

    time.millis += 60_000;
    Recorder resumed = restore(state, time.millis - 1000, 0);
    resumed.record(Reports.evaluation(500, 480, true, 1f));
    resumed.close();

    assertThat(Summary.read(folder()).orElseThrow().secondsToTarget()).isEqualTo(3 + 1);
  }

  @Test
  void anAttachedClientSeesTheTargetAtOnce() throws IOException {
    try (Recorder recorder = begin()) {
      assertThat(RunProgress.read(folder()).orElseThrow().targetReached()).isFalse();
      recorder.record(Reports.evaluation(400, 480, true, 1f));
      assertThat(RunProgress.read(folder()).orElseThrow().targetReached()).isTrue();
    }
  }

  @Test
  void leavesACurveAndAModel() throws IOException {
    try (Recorder recorder = begin()) {
      second(recorder, 400);
      recorder.record(Reports.evaluation(400, 480, true, 1f));
    }

    assertThat(folder().learningCurve()).exists();
    assertThat(folder().bestModel()).exists();
  }
}
