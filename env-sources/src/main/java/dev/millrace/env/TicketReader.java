package dev.millrace.env;

import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.loop.TicketLedger;
import dev.millrace.streams.FeedbackEdge;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;

/**
 * Issues tickets as its ledger allows, and sleeps until its inbox has news. The one place with a
 * future, since that is how a source sleeps.
 */
final class TicketReader implements SourceReader<Ticket, LedgerSplit> {
  private final TicketPlan plan;
  private final FeedbackEdge.Receiving<Progress> news;
  private final String gateId;

  private TicketLedger ledger;
  private boolean targetReached;
  private volatile CompletableFuture<Void> available = new CompletableFuture<>();

  /**
   * @param news closed with this reader
   * @param gateId of the gate that an attached client may hold; null for none
   */
  TicketReader(TicketPlan plan, FeedbackEdge.Receiving<Progress> news, String gateId) {
    this.plan = plan;
    this.news = news;
    this.gateId = gateId;
  }

  @Override
  public void start() {
    TicketGate gate = TicketGate.held(gateId);
    if (gate != null) {
      gate.onChange(this::wake);
    }
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
    TicketGate gate = TicketGate.held(gateId);
    if (targetReached || gate != null && gate.isShut()) {
      ledger.close();
      boolean finished = gate == null && ledger.finished(plan.batchSize());
      return finished ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
    }
    Ticket ticket = ledger.next();
    if (ticket != null) {
      output.collect(ticket);
      return InputStatus.MORE_AVAILABLE;
    }
    return ledger.finished(plan.batchSize())
        ? InputStatus.END_OF_INPUT
        : InputStatus.NOTHING_AVAILABLE;
  }

  private void note(Progress progress) {
    targetReached |= progress instanceof Progress.TargetReached;
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
