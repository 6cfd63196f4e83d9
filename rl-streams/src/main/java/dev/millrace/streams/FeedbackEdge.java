package dev.millrace.streams;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.operators.SlotSharingGroup;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.graph.StreamGraphGenerator;

/**
 * An edge against the stream: from an operator downstream back to one upstream, without a cycle in
 * the job graph. A tail that is co-located with the receiving operator puts each value into an
 * {@link Inbox}, and the operator reads its inbox between records.
 *
 * <p>Use: give the same edge to the receiving operator, which calls {@link #open} when it opens,
 * and to {@link #connect}, which adds the tail to the topology. Values must reach the tail
 * partitioned as the operator's own input is, or broadcast.
 *
 * <p>What is in an inbox is lost with its task. So every value is absolute and sent again by a
 * timer.
 */
public final class FeedbackEdge<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final SlotSharingGroup DEFAULT =
      SlotSharingGroup.newBuilder(StreamGraphGenerator.DEFAULT_SLOT_SHARING_GROUP).build();

  /** A function that travels with the job. */
  @FunctionalInterface
  public interface Producer<T> extends Function<T, Object>, Serializable {}

  private final String name;
  private final Producer<T> producer;
  private final int capacity;

  private FeedbackEdge(String name, Producer<T> producer, int capacity) {
    this.name = name;
    this.producer = producer;
    this.capacity = capacity;
  }

  /** An edge that keeps the newest value of each producer. */
  public static <T> FeedbackEdge<T> latest(String name, Producer<T> producer) {
    return new FeedbackEdge<>(name, producer, 0);
  }

  /** An edge that keeps the newest {@code capacity} values. */
  public static <T> FeedbackEdge<T> bounded(String name, int capacity) {
    return new FeedbackEdge<>(name, null, capacity);
  }

  /** The edge's name, unique within a job. */
  public String name() {
    return name;
  }

  private Inbox<T> inbox() {
    return producer == null ? Inbox.bounded(capacity) : Inbox.latest(producer);
  }

  /** The receiving operator's end. */
  public Receiving<T> open(RuntimeContext context) {
    return open(TaskAttempt.of(context));
  }

  /** The receiving end for a task that has no runtime context, such as a source reader. */
  public Receiving<T> open(TaskAttempt task) {
    return new Receiving<>(Inboxes.receive(name, task, this::inbox));
  }

  Inboxes.Place<T> tail(TaskAttempt task) {
    return Inboxes.feed(name, task, this::inbox);
  }

  /**
   * Adds the tail.
   *
   * @param values partitioned as the receiver's input is, or broadcast
   * @param receiver the receiving operator; it must be the head of its chain
   */
  public void connect(DataStream<T> values, SingleOutputStreamOperator<?> receiver) {
    place(
        stateless(values).transform("feedback " + name, Types.VOID, new FeedbackTail<>(this)),
        name,
        receiver);
  }

  /**
   * Adds one tail for two edges that come from the same operator and go to the same.
   *
   * @param values of this edge, partitioned as the receiver's input is, or broadcast
   * @param others of {@code other}, partitioned likewise
   * @param receiver the receiving operator; it must be the head of its chain
   */
  public <U> void connect(
      DataStream<T> values,
      FeedbackEdge<U> other,
      DataStream<U> others,
      SingleOutputStreamOperator<?> receiver) {
    String names = name + " " + other.name;
    place(
        stateless(values)
            .connect(stateless(others))
            .transform("feedback " + names, Types.VOID, new PairedTail<>(this, other)),
        names.replace(' ', '-'),
        receiver);
  }

  /** The same partitioning, but no key: a keyed tail would open a state backend of its own. */
  private static <T> DataStream<T> stateless(DataStream<T> values) {
    return new DataStream<>(values.getExecutionEnvironment(), values.getTransformation());
  }

  private static void place(
      SingleOutputStreamOperator<Void> tail, String name, SingleOutputStreamOperator<?> receiver) {
    String together = "feedback-" + receiver.getName();
    receiver.getTransformation().setCoLocationGroupKey(together);
    tail.setParallelism(receiver.getParallelism()).uid("feedback-" + name);
    int most = receiver.getTransformation().getMaxParallelism();
    if (most > 0) {
      tail.setMaxParallelism(most); // or keys would fall elsewhere than the receiver's do
    }
    tail.getTransformation().setCoLocationGroupKey(together);
    tail.slotSharingGroup(slotSharingGroup(receiver.getTransformation()));
  }

  /**
   * The group that Flink will put {@code transformation} in: its own; or without one, that of all
   * its inputs; or the default one. The tail has other inputs, so it must be told.
   */
  private static SlotSharingGroup slotSharingGroup(Transformation<?> transformation) {
    if (transformation.getSlotSharingGroup().isPresent()) {
      return transformation.getSlotSharingGroup().get();
    }
    Map<String, SlotSharingGroup> ofInputs = new HashMap<>(); // groups of other names may be equal
    for (Transformation<?> input : transformation.getInputs()) {
      SlotSharingGroup group = slotSharingGroup(input);
      ofInputs.put(group.getName(), group);
    }
    return ofInputs.size() == 1 ? ofInputs.values().iterator().next() : DEFAULT;
  }

  /** An inbox that is open for receiving until closed. */
  public static final class Receiving<T> implements AutoCloseable {
    private final Inboxes.Place<T> place;

    private Receiving(Inboxes.Place<T> place) {
      this.place = place;
    }

    public Inbox<T> inbox() {
      return place.inbox();
    }

    @Override
    public void close() {
      place.close();
    }
  }
}
