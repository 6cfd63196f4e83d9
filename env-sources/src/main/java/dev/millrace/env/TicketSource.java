package dev.millrace.env;

import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Ticket;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.OperatorMetrics;
import dev.millrace.streams.TaskAttempt;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** The source of tickets, with parallelism 1: budget, pacing and stopping stand in one place. */
final class TicketSource implements Source<Ticket, LedgerSplit, TicketEnumerator.State> {
  private static final long serialVersionUID = 1L;

  private final TicketPlan plan;
  private final FeedbackEdge<Progress> news;
  private final TreeMap<String, String> fingerprint;
  private final boolean attended;

  TicketSource(
      TicketPlan plan,
      FeedbackEdge<Progress> news,
      SortedMap<String, String> fingerprint,
      boolean attended) {
    this.plan = plan;
    this.news = news;
    this.fingerprint = new TreeMap<>(fingerprint);
    this.attended = attended;
  }

  /** It may end, but nobody knows when: the job runs in streaming mode. */
  @Override
  public Boundedness getBoundedness() {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SourceReader<Ticket, LedgerSplit> createReader(SourceReaderContext context) {
    if (context.currentParallelism() != 1) {
      throw new IllegalStateException(
          "tickets parallelism=%d: must be 1, or nobody would keep to the budget; leave it as it is"
              .formatted(context.currentParallelism()));
    }
    TaskAttempt task = TaskAttempt.of(context.metricGroup(), context.getIndexOfSubtask(), 1, "");
    TicketReader reader = new TicketReader(plan, news.open(task), attended);
    MetricGroup metrics = OperatorMetrics.of(context.metricGroup(), "tickets");
    metrics.gauge("environmentStepsIssued", (Gauge<Long>) reader::issuedSteps);
    metrics.gauge("outstanding", (Gauge<Long>) reader::outstanding);
    metrics.gauge("samplesPerInsertTarget", (Gauge<Double>) plan.limiter()::samplesPerInsert);
    return reader;
  }

  @Override
  public SplitEnumerator<LedgerSplit, TicketEnumerator.State> createEnumerator(
      SplitEnumeratorContext<LedgerSplit> context) {
    TicketEnumerator.State begin =
        new TicketEnumerator.State(fingerprint, List.of(LedgerSplit.NEW));
    return new TicketEnumerator(context, begin, fingerprint);
  }

  @Override
  public SplitEnumerator<LedgerSplit, TicketEnumerator.State> restoreEnumerator(
      SplitEnumeratorContext<LedgerSplit> context, TicketEnumerator.State saved) {
    return new TicketEnumerator(context, saved, fingerprint);
  }

  @Override
  public SimpleVersionedSerializer<LedgerSplit> getSplitSerializer() {
    return new LedgerSplit.Serializer();
  }

  @Override
  public SimpleVersionedSerializer<TicketEnumerator.State> getEnumeratorCheckpointSerializer() {
    return new TicketEnumerator.Serializer();
  }
}
