package dev.millrace.env;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.AgentFactory;
import dev.millrace.core.experience.Experience;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.ShardKeys;
import dev.millrace.streams.TaskAttempt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.io.network.partition.MockResultPartitionWriter;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** One subtask of the actor operator, with its feedback and its mailbox at hand. */
final class TestingActors<O> implements AutoCloseable {
  private static final AtomicInteger INSTANCES = new AtomicInteger();

  private final KeyedOneInputStreamOperatorTestHarness<Integer, Ticket, O> harness;
  private final Function<O, String> text;
  private final FeedbackEdge.Receiving<PolicyParameters> parameters;
  private int sent;

  /**
   * @param text of one output
   * @param state null to begin empty
   */
  private <A extends Agent, E extends Experience> TestingActors(
      ActorSpec actors,
      AgentFactory<A> agents,
      AnswersFactory<A, E, O> answers,
      TypeSerializer<O> serializer,
      Function<O, String> text,
      int parallelism,
      int subtask,
      OperatorSubtaskState state)
      throws Exception {
    this.text = text;
    int number = INSTANCES.incrementAndGet(); // two in one test must not share an inbox
    ShardKeys keys = new ShardKeys(actors.groups());
    FeedbackEdge<PolicyParameters> edge = FeedbackEdge.latest("parameters-" + number, ignored -> 0);
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new ActorOperatorFactory<>(actors, agents, answers, keys, edge),
            ticket -> keys.key(ticket.group()),
            Types.INT,
            ShardKeys.MAX_PARALLELISM,
            parallelism,
            subtask);
    harness
        .getEnvironment()
        .addOutputs(
            List.of(
                new MockResultPartitionWriter() {
                  @Override
                  public void flushAll() {
                    sent++;
                  }
                }));
    harness.setup(serializer);
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    parameters = edge.open(TaskAttempt.of(harness.getOperator().getRuntimeContext()));
    runMails();
  }

  /** Of transitions, by {@link TestingAgent}. */
  static TestingActors<Transition> transitions(
      ActorSpec actors, int parallelism, int subtask, OperatorSubtaskState state) throws Exception {
    return new TestingActors<>(
        actors,
        loader -> new TestingAgent(),
        TransitionAnswers::new,
        MessageTypes.TRANSITION.serializer(),
        TestingActors::text,
        parallelism,
        subtask,
        state);
  }

  /** Of rollouts, by {@link TestingTrajectoryAgent}. */
  static TestingActors<Rollout> rollouts(
      ActorSpec actors, int parallelism, int subtask, OperatorSubtaskState state) throws Exception {
    return new TestingActors<>(
        actors,
        loader -> new TestingTrajectoryAgent(false),
        RolloutAnswers::new,
        MessageTypes.ROLLOUT.serializer(),
        TestingTrajectoryAgent::text,
        parallelism,
        subtask,
        state);
  }

  void ticket(int group, long number, int steps) throws Exception {
    ticket(new Ticket(group, number, steps, 100 * number, 0));
  }

  void ticket(Ticket ticket) throws Exception {
    harness.processElement(new StreamRecord<>(ticket));
  }

  void publish(long step, float shift) throws Exception {
    publish(new ParameterVersion(1, step), shift);
  }

  void publish(ParameterVersion version, float... values) throws Exception {
    parameters.inbox().offer(new PolicyParameters(version, 0, 0, values));
    runMails();
  }

  private void runMails() throws Exception {
    Optional<Mail> mail;
    while ((mail = harness.getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY)).isPresent()) {
      mail.get().run();
    }
  }

  void advanceTo(long millis) throws Exception {
    harness.setProcessingTime(millis);
  }

  /** Times that what came out was sent on, since the last call. */
  int sent() {
    int times = sent;
    sent = 0;
    return times;
  }

  /** What came out since the last call. */
  List<O> outputs() {
    List<O> values = harness.extractOutputValues();
    harness.getOutput().clear();
    return values;
  }

  List<Progress> progress() {
    return side(Actors.PROGRESS);
  }

  List<Report> reports() {
    return side(Actors.REPORTS);
  }

  /** Everything that came out since the last call, as text. */
  List<String> everything() {
    List<String> all = new ArrayList<>();
    outputs().forEach(output -> all.add(text.apply(output)));
    progress().forEach(news -> all.add(news.toString()));
    reports().forEach(news -> all.add(news.toString()));
    all.sort(null);
    return all;
  }

  private static String text(Transition t) {
    return "%d %d %s %s %s %s %s"
        .formatted(
            t.environment(),
            t.step(),
            t.version(),
            Arrays.toString(t.observation()),
            t.action()[0],
            t.reward(),
            Arrays.toString(t.nextObservation()));
  }

  private <X> List<X> side(OutputTag<X> tag) {
    List<X> values = new ArrayList<>();
    Queue<StreamRecord<X>> records = harness.getSideOutput(tag);
    if (records != null) {
      records.forEach(record -> values.add(record.getValue()));
      records.clear();
    }
    return values;
  }

  OperatorSubtaskState snapshot() throws Exception {
    return harness.snapshot(1, 1);
  }

  @Override
  public void close() throws Exception {
    parameters.close();
    harness.close();
  }
}
