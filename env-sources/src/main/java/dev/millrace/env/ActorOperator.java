package dev.millrace.env;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.AgentFactory;
import dev.millrace.core.experience.Experience;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.Outgoing;
import dev.millrace.streams.Repeating;
import dev.millrace.streams.RunOver;
import dev.millrace.streams.ShardKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Steps the groups whose keys fall to its subtask, and tells of all of them, those without a ticket
 * too. Tickets come as records; parameters wait in an inbox and are taken between records, by mail.
 * Tickets that come before any parameters wait in state.
 */
final class ActorOperator<A extends Agent, E extends Experience, O>
    extends AbstractStreamOperator<O> implements OneInputStreamOperator<Ticket, O> {
  private static final long serialVersionUID = 1L;
  static final Duration TELL_INTERVAL = Duration.ofMillis(200);

  /** The parameters acted with, once per task; the key is always 0. */
  private static final MapStateDescriptor<Integer, PolicyParameters> PARAMETERS =
      new MapStateDescriptor<>(
          "parameters", IntSerializer.INSTANCE, MessageTypes.POLICY_PARAMETERS.serializer());

  /** Keyed by group: what {@link GroupActor#save} wrote. */
  private static final ValueStateDescriptor<byte[]> GROUP =
      new ValueStateDescriptor<>("group", BytePrimitiveArraySerializer.INSTANCE);

  private final ActorSpec actors;
  private final AgentFactory<A> agents;
  private final AnswersFactory<A, E, O> answersFactory;
  private final ShardKeys keys;
  private final FeedbackEdge<PolicyParameters> edge;
  private final transient MailboxExecutor mailbox;
  private final transient RunOver over = new RunOver();

  private transient BroadcastState<Integer, PolicyParameters> parameters;
  private transient ValueState<byte[]> groupState;
  private transient FeedbackEdge.Receiving<PolicyParameters> inbox;
  private transient Answers<E, O> answers;
  private transient Policy policy;
  private transient PolicyParameters acting;
  private transient Map<Integer, GroupActor<E>> owned;
  private transient StreamRecord<O> reused;
  private transient ActorMetrics metrics;

  ActorOperator(
      ActorSpec actors,
      AgentFactory<A> agents,
      AnswersFactory<A, E, O> answersFactory,
      ShardKeys keys,
      FeedbackEdge<PolicyParameters> edge,
      MailboxExecutor mailbox) {
    this.actors = actors;
    this.agents = agents;
    this.answersFactory = answersFactory;
    this.keys = keys;
    this.edge = edge;
    this.mailbox = mailbox;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    parameters = context.getOperatorStateStore().getBroadcastState(PARAMETERS);
    groupState = context.getKeyedStateStore().getState(GROUP);
  }

  @Override
  public void open() throws Exception {
    super.open();
    reused = new StreamRecord<>(null);
    A agent = agents.agent(getUserCodeClassloader());
    answers = answersFactory.answers(actors, actors.provider(getUserCodeClassloader()), agent);
    policy = agent.policy();
    acting = parameters.get(0);
    if (acting != null) {
      policy.install(acting.values());
    }
    openGroups();
    metrics = new ActorMetrics(getMetricGroup(), environments());

    inbox = edge.open(getRuntimeContext());
    Repeating.every(TELL_INTERVAL, getProcessingTimeService(), this::tellAll);
    mailbox.execute(this::tellAll, "first progress of environment groups");
    inbox.inbox().onArrival(() -> mailbox.execute(this::takeParameters, "parameters"));
  }

  private void openGroups() throws Exception {
    owned = new TreeMap<>();
    int parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
    int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    for (int group : keys.owned(parallelism, subtask)) {
      GroupActor<E> actor = new GroupActor<>(answers.group(group));
      owned.put(group, actor);
      setCurrentKey(keys.key(group));
      byte[] saved = groupState.value();
      if (saved != null) {
        actor.restore(saved);
      }
    }
  }

  private List<EnvironmentGroup<?>> environments() {
    List<EnvironmentGroup<?>> groups = new ArrayList<>();
    owned.values().forEach(actor -> groups.add(actor.environments));
    return groups;
  }

  @Override
  public void processElement(StreamRecord<Ticket> record) {
    Ticket ticket = record.getValue();
    GroupActor<E> actor = owned.get(ticket.group());
    actor.waiting.add(ticket);
    work(actor);
  }

  private void work(GroupActor<E> actor) {
    while (!actor.waiting.isEmpty()
        && acting != null
        && actor.waiting.peek().atLeastStep() <= acting.version().step()) {
      answers.answer(
          actor.environments,
          actor.waiting.poll(),
          acting,
          policy,
          answer -> output.collect(reused.replace(answer)),
          this::report);
      tell(actor);
      Outgoing.send(getContainingTask());
    }
  }

  private void takeParameters() throws Exception {
    List<PolicyParameters> latest = new ArrayList<>(1);
    inbox.inbox().drain(latest::add);
    for (PolicyParameters news : latest) {
      if (acting == null || news.version().newerThan(acting.version())) {
        apply(news);
      }
    }
  }

  private void apply(PolicyParameters news) throws Exception {
    policy.install(news.values());
    parameters.put(0, news);
    acting = news;
    metrics.applied(
        getProcessingTimeService().getCurrentProcessingTime() - news.publishedAtMillis());
    for (GroupActor<E> actor : owned.values()) {
      work(actor);
    }
  }

  private void tellAll() {
    ParameterVersion version = acting == null ? ParameterVersion.NONE : acting.version();
    for (GroupActor<E> actor : owned.values()) {
      tell(actor);
      report(actor.environments.report(version));
    }
    Outgoing.send(getContainingTask());
  }

  private void tell(GroupActor<E> actor) {
    output.collect(Actors.PROGRESS, new StreamRecord<>(actor.environments.progress()));
  }

  private void report(Report report) {
    output.collect(Actors.REPORTS, new StreamRecord<>(report));
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    for (GroupActor<E> actor : owned.values()) {
      setCurrentKey(keys.key(actor.environments.group()));
      groupState.update(actor.save());
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (over.begins(mark)) {
      tellAll();
    }
    super.processWatermark(mark);
  }

  @Override
  public void close() throws Exception {
    if (inbox != null) {
      inbox.close();
    }
    if (owned != null) {
      owned.values().forEach(actor -> actor.environments.close());
    }
    super.close();
  }
}
