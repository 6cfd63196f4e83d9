package dev.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.streams.ShardKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class ReplayOperatorTest {
  private static final int SHARDS = 4;
  private static final ReplaySettings SETTINGS = settings(1200, 16_384);

  private static ReplaySettings settings(int capacity, long cacheBytes) {
    return new ReplaySettings(
        "prioritized", capacity, SHARDS, 2, cacheBytes, 3, new Settings(Map.of()));
  }

  private static TestingReplay open(int parallelism, int subtask, OperatorSubtaskState state)
      throws Exception {
    return new TestingReplay(Shards.SPEC, SETTINGS, parallelism, subtask, state);
  }

  private static Transition transition(long number) {
    return Shards.transition(Shards.SPEC, number, 1 + number % 11);
  }

  private static int shardOf(long number) {
    return TestingReplay.shardOf(transition(number), SETTINGS);
  }

  @Test
  void everyOwnedShardReportsEvenAnEmptyOne() throws Exception {
    try (TestingReplay first = open(2, 0, null);
        TestingReplay second = open(2, 1, null)) {
      assertThat(first.outputs()).extracting(o -> o.progress().shard()).containsExactly(0, 1);
      assertThat(second.outputs()).extracting(o -> o.progress().shard()).containsExactly(2, 3);
      assertThat(second.progress())
          .extracting(p -> ((Progress.Shard) p).shard())
          .containsExactly(2, 3);
    }
  }

  @Test
  void servesACreditBetweenRecordsAndTellsBothWhereItStands() throws Exception {
    try (TestingReplay replay = open(1, 0, null)) {
      for (int i = 0; i < 40; i++) {
        replay.insert(transition(i));
      }
      replay.outputs();
      replay.progress();
      replay.sent();
      replay.grant(2, 16, 8);
      assertThat(replay.sent()).as("both batches leave together").isEqualTo(1);
      List<ReplayOutput> outputs = replay.outputs();
      assertThat(outputs).hasSize(2);
      for (ReplayOutput output : outputs) {
        assertThat(output.batch().size()).isEqualTo(8);
        for (int row = 0; row < 8; row++) {
          assertThat(shardOf(Shards.number(output.batch(), row))).isEqualTo(2);
        }
      }
      assertThat(outputs.get(1).progress().sampled()).isEqualTo(16);
      assertThat(replay.progress())
          .as("the source is told once for all that was served")
          .containsExactly(outputs.get(1).progress());
    }
  }

  @Test
  void aCreditThatCameTooEarlyIsServedWithTheFirstTransition() throws Exception {
    try (TestingReplay replay = open(1, 0, null)) {
      replay.grant(shardOf(5), 3, 3);
      assertThat(replay.batches()).isEmpty();
      replay.insert(transition(5));
      assertThat(replay.batches()).hasSize(1);
    }
  }

  @Test
  void tellsProgressEverySixtyFourInsertsAndByTimer() throws Exception {
    try (TestingReplay replay = open(1, 0, null)) {
      replay.progress();
      long inserted = 0;
      for (long i = 0; inserted < 130; i++) {
        if (shardOf(i) == 1) {
          replay.insert(transition(i));
          inserted++;
        }
      }
      assertThat(replay.progress())
          .extracting(p -> ((Progress.Shard) p).inserted())
          .containsExactly(64L, 128L);
      replay.advanceTo(100);
      assertThat(replay.progress())
          .extracting(p -> ((Progress.Shard) p).inserted())
          .containsExactly(0L, 130L, 0L, 0L);
      replay.advanceTo(200);
      assertThat(replay.progress()).hasSize(SHARDS);
    }
  }

  @Test
  void appliesPrioritiesBeforeItServesAndCountsWhatItDropped() throws Exception {
    try (TestingReplay replay = open(1, 0, null)) {
      for (long i = 0; i < 400; i++) {
        replay.insert(transition(i));
      }
      SampleBatch batch = replay.sample(0, 0, 1, 1).get(0);
      replay.offer(replay.credit(0, 21, 20));
      for (int i = 0; i < 7; i++) {
        replay.offer(batch.priorities(new float[] {1e9f}));
      }
      replay.runMails();
      assertThat(replay.batches().get(0).slots())
          .as("all of the mass is where the priority went")
          .containsOnly(batch.slots()[0]);
      replay.advanceTo(500);
      List<Report> reports = replay.reports();
      Report.Replay report = (Report.Replay) reports.get(0);
      assertThat(report.prioritiesApplied()).isEqualTo(4);
      assertThat(reports)
          .as("three updates of a batch each")
          .extracting(r -> ((Report.Replay) r).prioritiesDropped())
          .containsExactly(3L * Shards.SPEC.batchSize(), 0L, 0L, 0L);
      assertThat(replay.reports()).isEmpty();
    }
  }

  @Test
  void refusesFeedbackForAShardItDoesNotOwn() throws Exception {
    try (TestingReplay replay = open(2, 0, null)) {
      replay.offer(new SampleCredit(3, 1, 1, 8, 8));
      assertThatThrownBy(replay::runMails)
          .hasStackTraceContaining(
              "subtask 0: got a credit for shard 3, which it does not own: key the feedback as the transitions are keyed");
    }
  }

  @Test
  void theFutureAfterARestoreIsTheOneWithoutIt() throws Exception {
    SeededRandom random = new SeededRandom(1);
    try (TestingReplay replay = open(1, 0, null)) {
      long sampled = 0;
      for (long i = 0; i < 2500; i++) {
        replay.insert(transition(i));
        if (i % 500 == 499) {
          play(replay, sampled, random.nextFloat());
          sampled += 40;
          replay.snapshot(i);
        }
      }
      OperatorSubtaskState state = replay.snapshot(9999);
      try (TestingReplay restored = open(1, 0, state)) {
        for (long i = 2500; i < 3500; i++) {
          Transition next = Shards.transition(Shards.SPEC, i, Float.NaN);
          replay.insert(next);
          restored.insert(next);
          if (i % 100 == 99) {
            float priority = random.nextFloat() * 20;
            List<SampleBatch> expected = play(replay, sampled, priority);
            assertThat(play(restored, sampled, priority))
                .hasSize(4 * SHARDS)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*epoch")
                .isEqualTo(expected);
            sampled += 40;
          }
        }
      }
    }
  }

  /** Four batches of ten from each shard, with new priorities for each. */
  private static List<SampleBatch> play(TestingReplay replay, long sampled, float priority)
      throws Exception {
    List<SampleBatch> batches = new ArrayList<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      for (SampleBatch batch : replay.sample(shard, sampled, 10, 4)) {
        float[] priorities = new float[batch.size()];
        for (int i = 0; i < priorities.length; i++) {
          priorities[i] = priority * i;
        }
        replay.offer(batch.priorities(priorities));
        batches.add(batch);
      }
      replay.runMails();
    }
    return batches;
  }

  @Test
  void rescalingLosesAndDoublesNothingAndKeepsTheDistribution() throws Exception {
    int inserted = 1700; // each shard holds 300 of its 425
    List<OperatorSubtaskState> two = new ArrayList<>();
    Map<Long, Double> before = new TreeMap<>();
    for (int subtask = 0; subtask < 2; subtask++) {
      try (TestingReplay replay = open(2, subtask, null)) {
        for (long i = 0; i < inserted; i++) {
          if (shardOf(i) / 2 == subtask) {
            replay.insert(transition(i));
          }
        }
        two.add(replay.snapshot(1));
        weights(replay, 2 * subtask, 2 * subtask + 2, before);
      }
    }
    OperatorSubtaskState merged =
        AbstractStreamOperatorTestHarness.repackageState(two.toArray(OperatorSubtaskState[]::new));

    Map<Long, Double> one = new TreeMap<>();
    OperatorSubtaskState single;
    try (TestingReplay replay = open(1, 0, reassigned(merged, 2, 1, 0))) {
      single = replay.snapshot(2);
      weights(replay, 0, SHARDS, one);
    }
    assertSame(one, before);

    Map<Long, Double> split = new TreeMap<>();
    for (int subtask = 0; subtask < 2; subtask++) {
      try (TestingReplay replay = open(2, subtask, reassigned(single, 1, 2, subtask))) {
        weights(replay, 2 * subtask, 2 * subtask + 2, split);
      }
    }
    assertSame(split, before);

    TreeSet<Long> expected = new TreeSet<>();
    int[] perShard = new int[SHARDS];
    for (long i = inserted - 1; i >= 0; i--) {
      if (perShard[shardOf(i)]++ < SETTINGS.shardCapacity()) {
        expected.add(i);
      }
    }
    assertThat(split.keySet()).isEqualTo(expected).hasSize(1200);
  }

  private static OperatorSubtaskState reassigned(
      OperatorSubtaskState state, int from, int to, int subtask) {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        state, ShardKeys.MAX_PARALLELISM, from, to, subtask);
  }

  private static void assertSame(Map<Long, Double> weights, Map<Long, Double> expected) {
    assertThat(weights.keySet()).isEqualTo(expected.keySet());
    weights.forEach(
        (number, weight) ->
            assertThat(weight)
                .as("weight of %d", number)
                .isEqualTo(expected.get(number), within(1e-9)));
  }

  /** Samples until everything must have been seen, and collects probability times mass. */
  private static void weights(
      TestingReplay replay, int fromShard, int toShard, Map<Long, Double> weights)
      throws Exception {
    replay.outputs();
    for (int shard = fromShard; shard < toShard; shard++) {
      replay.grant(shard, 40_000, 4000);
      for (ReplayOutput output : replay.outputs()) {
        SampleBatch batch = output.batch();
        for (int row = 0; row < batch.size(); row++) {
          long number = Shards.number(batch, row);
          assertThat(shardOf(number)).isEqualTo(shard);
          weights.put(number, batch.probabilities()[row] * output.progress().mass());
        }
      }
    }
  }
}
