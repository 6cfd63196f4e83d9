package dev.millrace.env;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.AgentFactory;
import dev.millrace.core.experience.Experience;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.ShardKeys;
import dev.millrace.streams.SharedCheckpoints;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes an actor operator in its task, where the mailbox is. */
final class ActorOperatorFactory<A extends Agent, E extends Experience, O>
    extends AbstractStreamOperatorFactory<O> implements OneInputStreamOperatorFactory<Ticket, O> {
  private static final long serialVersionUID = 1L;

  private final ActorSpec actors;
  private final AgentFactory<A> agents;
  private final AnswersFactory<A, E, O> answers;
  private final ShardKeys keys;
  private final FeedbackEdge<PolicyParameters> edge;

  ActorOperatorFactory(
      ActorSpec actors,
      AgentFactory<A> agents,
      AnswersFactory<A, E, O> answers,
      ShardKeys keys,
      FeedbackEdge<PolicyParameters> edge) {
    this.actors = actors;
    this.agents = agents;
    this.answers = answers;
    this.keys = keys;
    this.edge = edge;
  }

  // Flink 2 takes all of this in the operator's constructor; 1.20 has no other way.
  @Override
  @SuppressWarnings({"deprecation", "unchecked"})
  public <T extends StreamOperator<O>> T createStreamOperator(
      StreamOperatorParameters<O> parameters) {
    SharedCheckpoints.require(parameters);
    ActorOperator<A, E, O> operator =
        new ActorOperator<>(actors, agents, answers, keys, edge, parameters.getMailboxExecutor());
    operator.setup(
        parameters.getContainingTask(), parameters.getStreamConfig(), parameters.getOutput());
    operator.setProcessingTimeService(parameters.getProcessingTimeService());
    return (T) operator;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
    return ActorOperator.class;
  }
}
