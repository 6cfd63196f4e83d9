package dev.millrace.streams;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The end of a feedback edge: puts each value into the co-located receiver's inbox and never
 * blocks. It refuses to run when it does not share the receiver's slot and parallelism.
 */
final class FeedbackTail<T> extends AbstractStreamOperator<Void>
    implements OneInputStreamOperator<T, Void> {
  private static final long serialVersionUID = 1L;

  private final FeedbackEdge<T> edge;
  private transient TailEnd<T> end;

  FeedbackTail(FeedbackEdge<T> edge) {
    this.edge = edge;
    this.chainingStrategy = ChainingStrategy.NEVER;
  }

  @Override
  public void open() throws Exception {
    super.open();
    end = new TailEnd<>(edge, TaskAttempt.of(getRuntimeContext()), getProcessingTimeService());
    OperatorMetrics.of(getMetricGroup(), "feedback").gauge("messagesDropped", () -> end.dropped());
  }

  @Override
  public void processElement(StreamRecord<T> record) {
    end.offer(record.getValue());
  }

  @Override
  public void close() throws Exception {
    if (end != null) {
      end.close();
    }
    super.close();
  }
}
