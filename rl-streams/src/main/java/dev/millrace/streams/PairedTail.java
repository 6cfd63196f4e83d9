package dev.millrace.streams;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The ends of two feedback edges in one task: what one operator sends another at the same moment
 * wakes one thread, not two. Otherwise as {@link FeedbackTail}.
 */
final class PairedTail<A, B> extends AbstractStreamOperator<Void>
    implements TwoInputStreamOperator<A, B, Void> {
  private static final long serialVersionUID = 1L;

  private final FeedbackEdge<A> first;
  private final FeedbackEdge<B> second;
  private transient TailEnd<A> firstEnd;
  private transient TailEnd<B> secondEnd;

  PairedTail(FeedbackEdge<A> first, FeedbackEdge<B> second) {
    this.first = first;
    this.second = second;
    this.chainingStrategy = ChainingStrategy.NEVER;
  }

  @Override
  public void open() throws Exception {
    super.open();
    TaskAttempt task = TaskAttempt.of(getRuntimeContext());
    firstEnd = new TailEnd<>(first, task, getProcessingTimeService());
    secondEnd = new TailEnd<>(second, task, getProcessingTimeService());
    OperatorMetrics.of(getMetricGroup(), "feedback")
        .gauge("messagesDropped", () -> firstEnd.dropped() + secondEnd.dropped());
  }

  @Override
  public void processElement1(StreamRecord<A> record) {
    firstEnd.offer(record.getValue());
  }

  @Override
  public void processElement2(StreamRecord<B> record) {
    secondEnd.offer(record.getValue());
  }

  @Override
  public void close() throws Exception {
    if (firstEnd != null) {
      firstEnd.close();
    }
    if (secondEnd != null) {
      secondEnd.close();
    }
    super.close();
  }
}
