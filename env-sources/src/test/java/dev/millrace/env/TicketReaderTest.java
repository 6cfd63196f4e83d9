package dev.millrace.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.RunOver;
import dev.millrace.streams.TaskAttempt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.core.io.InputStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TicketReaderTest {
  private static final int BATCH = 8;

  /** Two groups of 2 environments, one shard, 4 steps a ticket: 8 environment steps each. */
  private static TicketPlan plan(long budget) {
    return new TicketPlan(
        new int[] {2, 2}, 1, 4, false, new RateLimiter(1, 16, 0, 1000), budget, BATCH);
  }

  private final FeedbackEdge<Progress> edge = FeedbackEdge.latest("news", Progress::producer);
  private final Tickets output = new Tickets();
  private FeedbackEdge.Receiving<Progress> tail;
  private TicketReader reader;

  /** Collects what the reader emits. */
  private static final class Tickets implements ReaderOutput<Ticket> {
    final List<Ticket> all = new ArrayList<>();
    final List<Watermark> watermarks = new ArrayList<>();

    @Override
    public void collect(Ticket ticket) {
      all.add(ticket);
    }

    @Override
    public void collect(Ticket ticket, long timestamp) {
      throw new AssertionError("tickets have no time");
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      watermarks.add(watermark);
    }

    @Override
    public void markIdle() {}

    @Override
    public void markActive() {}

    @Override
    public SourceOutput<Ticket> createOutputForSplit(String splitId) {
      return this;
    }

    @Override
    public void releaseOutputForSplit(String splitId) {}
  }

  @BeforeEach
  void open() {
    reader = reader(plan(40), false);
    reader.addSplits(List.of(LedgerSplit.NEW));
  }

  private TicketReader reader(TicketPlan plan, boolean attended) {
    close();
    TaskAttempt task = new TaskAttempt("graph", 0, 0, 1, "");
    TicketReader opened = new TicketReader(plan, edge.open(task), attended);
    tail = edge.open(task);
    opened.start();
    return opened;
  }

  @AfterEach
  void close() {
    if (reader != null) {
      reader.close();
      tail.close();
    }
  }

  private void group(int group, long answered) {
    tail.inbox().offer(new Progress.Group(group, answered, 8 * answered, 0, 0));
  }

  private void shard(long inserted, long sampled) {
    tail.inbox()
        .offer(new Progress.Shard(0, 1, inserted, sampled, inserted, 1, ParameterVersion.NONE));
  }

  private void attendance(boolean attended, boolean halted) {
    tail.inbox().offer(new Progress.Attendance(attended, halted));
  }

  /** Polls until nothing is left to emit. */
  private InputStatus poll() {
    InputStatus status;
    do {
      status = reader.pollNext(output);
    } while (status == InputStatus.MORE_AVAILABLE);
    return status;
  }

  private List<Long> numbers() {
    List<Long> numbers = output.all.stream().map(Ticket::number).toList();
    output.all.clear();
    return numbers;
  }

  @Test
  void issuesNothingUntilEveryoneHasReported() {
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    group(0, 0);
    group(1, 0);
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(output.all).isEmpty();
    shard(0, 0);
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(output.all)
        .containsExactly(
            new Ticket(0, 1, 4, 0, 0),
            new Ticket(1, 1, 4, 8, 0),
            new Ticket(0, 2, 4, 16, 0),
            new Ticket(1, 2, 4, 24, 0));
    assertThat(reader.issuedSteps()).isEqualTo(32);
  }

  @Test
  void wakesWhenNewsComes() {
    poll();
    CompletableFuture<Void> available = reader.isAvailable();
    assertThat(available).isNotDone();
    group(0, 0);
    assertThat(available).isDone();
    poll();
    assertThat(reader.isAvailable()).isNotDone();
    group(1, 0);
    assertThat(reader.isAvailable()).isDone();
  }

  @Test
  void aSplitWakesIt() {
    reader = reader(plan(40), false);
    poll();
    assertThat(reader.isAvailable()).isNotDone();
    reader.addSplits(List.of(LedgerSplit.NEW));
    assertThat(reader.isAvailable()).isDone();
  }

  @Test
  void endsItsInputWhenTheBudgetIsSpentAnsweredAndSampled() {
    group(0, 0);
    group(1, 0);
    shard(0, 0);
    poll();
    group(0, 2);
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(numbers()).as("40 steps are 5 tickets").containsExactly(1L, 1L, 2L, 2L, 3L);
    group(0, 3);
    group(1, 2);
    shard(40, 0);
    assertThat(poll()).as("batches are due").isEqualTo(InputStatus.NOTHING_AVAILABLE);
    shard(40, 40);
    assertThat(poll()).isEqualTo(InputStatus.END_OF_INPUT);
  }

  @Test
  void continuesAfterARestoreOnceEveryoneHasReportedAnew() throws Exception {
    group(0, 0);
    group(1, 0);
    shard(0, 0);
    poll();
    output.all.clear();
    LedgerSplit saved = throughBytes(reader.snapshotState(1).get(0));

    reader = reader(plan(40), false);
    reader.addSplits(List.of(saved));
    group(0, 1);
    group(1, 1);
    poll();
    assertThat(output.all).isEmpty();
    shard(16, 0);
    poll();
    assertThat(output.all).containsExactly(new Ticket(0, 3, 4, 32, 0));
  }

  @Test
  void aSnapshotBeforeTheSplitArrivedIsEmpty() {
    reader = reader(plan(40), false);
    assertThat(reader.snapshotState(1)).isEmpty();
  }

  @Test
  void anotherNumberOfGroupsIsRefused() {
    LedgerSplit saved = reader.snapshotState(1).get(0);
    TicketPlan other =
        new TicketPlan(new int[] {2}, 1, 4, false, new RateLimiter(1, 16, 0, 1000), 40, BATCH);
    reader = reader(other, false);
    assertThatThrownBy(() -> reader.addSplits(List.of(saved)))
        .hasMessage(
            "ticket ledger has groups=2, the configuration 1: the number of groups is fixed for a run");
  }

  @Test
  void theTargetEndsTheInputOnceWhatIsUnderWayIsAnswered() {
    group(0, 0);
    group(1, 0);
    shard(0, 0);
    poll();
    output.all.clear();
    tail.inbox().offer(new Progress.TargetReached(480));
    group(0, 2);
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(output.all).isEmpty();
    group(1, 2);
    assertThat(poll()).isEqualTo(InputStatus.END_OF_INPUT);
  }

  @Test
  void aClientHaltsTicketsUntilItSaysOtherwiseOrLeaves() {
    group(0, 0);
    group(1, 0);
    shard(0, 0);
    attendance(true, true);
    poll();
    assertThat(output.all).isEmpty();
    attendance(true, false);
    poll();
    assertThat(output.all).isNotEmpty();
    output.all.clear();
    attendance(true, true);
    group(0, 1);
    poll();
    assertThat(output.all).isEmpty();
    attendance(false, false);
    poll();
    assertThat(output.all).as("nobody halts it any longer").isNotEmpty();
  }

  @Test
  void aRunThatIsOverStaysUpForItsClient() {
    reader = reader(plan(40), true);
    reader.addSplits(List.of(LedgerSplit.NEW));
    group(0, 0);
    group(1, 0);
    shard(0, 0);
    poll();
    group(0, 3);
    group(1, 2);
    shard(40, 0);
    poll();
    assertThat(output.watermarks).as("batches are due").isEmpty();
    shard(40, 40);
    assertThat(poll()).as("held").isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(output.watermarks).containsExactly(new Watermark(RunOver.TIMESTAMP));
    attendance(false, false);
    assertThat(poll()).as("let go").isEqualTo(InputStatus.END_OF_INPUT);
    assertThat(output.watermarks).hasSize(1);
  }

  @Test
  void theTargetHoldsTheJobForItsClient() {
    reader = reader(plan(40), true);
    reader.addSplits(List.of(LedgerSplit.NEW));
    group(0, 0);
    group(1, 0);
    shard(0, 0);
    tail.inbox().offer(new Progress.TargetReached(480));
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(output.all).isEmpty();
    assertThat(output.watermarks).hasSize(1);
  }

  private static LedgerSplit throughBytes(LedgerSplit split) throws Exception {
    LedgerSplit.Serializer serializer = new LedgerSplit.Serializer();
    return serializer.deserialize(serializer.getVersion(), serializer.serialize(split));
  }
}
