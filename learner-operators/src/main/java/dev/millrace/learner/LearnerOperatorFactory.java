package dev.millrace.learner;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.AgentFactory;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.SharedCheckpoints;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes a learner operator in its task, once that task is known to be in a place fit for it. */
final class LearnerOperatorFactory<A extends Agent, I>
    extends AbstractStreamOperatorFactory<PolicyParameters>
    implements OneInputStreamOperatorFactory<I, PolicyParameters> {
  private static final long serialVersionUID = 1L;

  private final AgentFactory<A> agents;
  private final LessonsFactory<A, I> lessons;
  private final boolean onGpu;

  LearnerOperatorFactory(AgentFactory<A> agents, LessonsFactory<A, I> lessons, boolean onGpu) {
    this.agents = agents;
    this.lessons = lessons;
    this.onGpu = onGpu;
  }

  // Flink 2 takes all of this in the operator's constructor; 1.20 has no other way.
  @Override
  @SuppressWarnings({"deprecation", "unchecked"})
  public <T extends StreamOperator<PolicyParameters>> T createStreamOperator(
      StreamOperatorParameters<PolicyParameters> parameters) {
    SharedCheckpoints.require(parameters);
    LearnerOperator<A, I> operator = new LearnerOperator<>(agents, lessons, onGpu);
    operator.setup(
        parameters.getContainingTask(), parameters.getStreamConfig(), parameters.getOutput());
    operator.setProcessingTimeService(parameters.getProcessingTimeService());
    return (T) operator;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
    return LearnerOperator.class;
  }
}
