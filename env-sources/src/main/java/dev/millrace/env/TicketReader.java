package dev.millrace.env;

import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.loop.TicketLedger;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.RunOver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;

/**
 * Issues tickets as its ledger allows, and sleeps until its inbox has news. The one place with a
 * future, since that is how a source sleeps.
 *
 * <p>When the run is over it sends a watermark, which every operator takes as its cue to send what
 * it has left. Then the input ends, unless a client attends: it shall find the run as it stood.
 */
final class TicketReader implements SourceReader<Ticket, LedgerSplit> {
  private final TicketPlan plan;
  private final FeedbackEdge.Receiving<Progress> news;

  private TicketLedger ledger;
  private boolean attended;
  private boolean halted;
  private boolean over;
  private volatile CompletableFuture<Void> available = new CompletableFuture<>();

  /**
   * @param news closed with this reader
   * @param attended whether a client attends until there is news of it
   */
  TicketReader(TicketPlan plan, FeedbackEdge.Receiving<Progress> news, boolean attended) {
    this.plan = plan;
    this.news = news;
    this.attended = attended;
  }

  @Override
  public void start() {
    news.inbox().onArrival(this::wake);
  }

  /** Called from other threads. */
  private void wake() {
    available.complete(null);
  }

  @Override
  public InputStatus pollNext(ReaderOutput<Ticket> output) {
    // Before looking, so that whatever comes while we look completes the new one.
    if (available.isDone()) {
      available = new CompletableFuture<>();
    }
    if (ledger == null) {
      return InputStatus.NOTHING_AVAILABLE;
    }
    news.inbox().drain(this::note);
    if (halted) {
      return InputStatus.NOTHING_AVAILABLE;
    }
    Ticket ticket = ledger.next();
    if (ticket != null) {
      output.collect(ticket);
      return InputStatus.MORE_AVAILABLE;
    }
    if (!ledger.finished(plan.batchSize())) {
      return InputStatus.NOTHING_AVAILABLE;
    }
    if (!over) {
      over = true;
      output.emitWatermark(new Watermark(RunOver.TIMESTAMP));
    }
    return attended ? InputStatus.NOTHING_AVAILABLE : InputStatus.END_OF_INPUT;
  }

  private void note(Progress progress) {
    if (progress instanceof Progress.Attendance attendance) {
      attended = attendance.attended();
      halted = attendance.halted();
    }
    ledger.note(progress);
  }

  /** Environment steps issued so far, for the metric. */
  long issuedSteps() {
    TicketLedger counted = ledger;
    return counted == null ? 0 : counted.clock();
  }

  /** Tickets issued and not answered, for the metric. */
  long outstanding() {
    TicketLedger counted = ledger;
    return counted == null ? 0 : counted.outstanding();
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return available;
  }

  @Override
  public void addSplits(List<LedgerSplit> splits) {
    for (LedgerSplit split : splits) {
      ledger = split.ledger(plan);
    }
    wake();
  }

  @Override
  public void notifyNoMoreSplits() {}

  @Override
  public List<LedgerSplit> snapshotState(long checkpointId) {
    return ledger == null ? List.of() : List.of(LedgerSplit.of(ledger));
  }

  @Override
  public void close() {
    news.close();
  }
}
