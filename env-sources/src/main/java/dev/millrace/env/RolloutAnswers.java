package dev.millrace.env;

import dev.millrace.core.agent.RolloutWorker;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.PolicyParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Answers each ticket with one rollout, after the agent's worker has seen it. */
public final class RolloutAnswers implements Answers<Trajectory, Rollout> {
  private final ActorSpec actors;
  private final EnvironmentProvider provider;
  private final TrajectoryAgent agent;
  private final RolloutWorker worker;

  public RolloutAnswers(ActorSpec actors, EnvironmentProvider provider, TrajectoryAgent agent) {
    this.actors = actors;
    this.provider = provider;
    this.agent = agent;
    worker = agent.worker();
  }

  @Override
  public EnvironmentGroup<Trajectory> group(int group) {
    return EnvironmentGroup.of(actors, group, provider, agent);
  }

  @Override
  public void answer(
      EnvironmentGroup<Trajectory> group,
      Ticket ticket,
      PolicyParameters acting,
      Policy policy,
      Consumer<Rollout> output,
      Consumer<Report.Episode> episodeEnds) {
    List<Trajectory> trajectories = new ArrayList<>();
    group.advance(ticket, acting.version(), policy, trajectories::add, episodeEnds);
    Rollout rollout = Rollout.of(group.group(), ticket.number(), acting.version(), trajectories);
    output.accept(worker.work(rollout, acting.values()));
  }
}
