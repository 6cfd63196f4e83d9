package dev.millrace.env;

import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.PolicyParameters;
import java.util.function.Consumer;

/** Answers tickets with transitions, each as soon as it is complete. */
record TransitionAnswers(ActorSpec actors, EnvironmentProvider provider, ReplayAgent agent)
    implements Answers<Transition, Transition> {

  @Override
  public EnvironmentGroup<Transition> group(int group) {
    return EnvironmentGroup.of(actors, group, provider, agent);
  }

  @Override
  public void answer(
      EnvironmentGroup<Transition> group,
      Ticket ticket,
      PolicyParameters acting,
      Policy policy,
      Consumer<Transition> output,
      Consumer<Report.Episode> episodeEnds) {
    group.advance(ticket, acting.version(), policy, output, episodeEnds);
  }
}
