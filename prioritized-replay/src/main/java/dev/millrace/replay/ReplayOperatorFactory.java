package dev.millrace.replay;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.ShardKeys;
import dev.millrace.streams.SharedCheckpoints;
import java.time.Clock;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes a replay operator in its task, where the mailbox is. */
final class ReplayOperatorFactory extends AbstractStreamOperatorFactory<ReplayOutput>
    implements OneInputStreamOperatorFactory<Transition, ReplayOutput> {
  private static final long serialVersionUID = 1L;

  private final ReplaySpec.Sampled spec;
  private final ReplaySettings settings;
  private final ShardKeys keys;
  private final FeedbackEdge<SampleCredit> credits;
  private final FeedbackEdge<PriorityUpdates> priorities;

  ReplayOperatorFactory(
      ReplaySpec.Sampled spec,
      ReplaySettings settings,
      ShardKeys keys,
      FeedbackEdge<SampleCredit> credits,
      FeedbackEdge<PriorityUpdates> priorities) {
    this.spec = spec;
    this.settings = settings;
    this.keys = keys;
    this.credits = credits;
    this.priorities = priorities;
  }

  // Flink 2 takes all of this in the operator's constructor; 1.20 has no other way.
  @Override
  @SuppressWarnings({"deprecation", "unchecked"})
  public <T extends StreamOperator<ReplayOutput>> T createStreamOperator(
      StreamOperatorParameters<ReplayOutput> parameters) {
    SharedCheckpoints.require(parameters);
    ReplayOperator operator =
        new ReplayOperator(
            spec,
            settings,
            keys,
            credits,
            priorities,
            parameters.getMailboxExecutor(),
            Clock.systemUTC());
    operator.setup(
        parameters.getContainingTask(), parameters.getStreamConfig(), parameters.getOutput());
    operator.setProcessingTimeService(parameters.getProcessingTimeService());
    return (T) operator;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
    return ReplayOperator.class;
  }
}
