package dev.millrace.env;

import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.Experience;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.experience.TrajectoryAccumulator;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.Policy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Environments that act together: one pass of the policy decides for all of them. Knows nothing of
 * Flink.
 *
 * <p>What an environment does depends on the seed, its own number and the parameters it is given,
 * not on the company it is in, unless the policy mixes the rows of a batch.
 */
public final class EnvironmentGroup<E extends Experience> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentGroup.class);
  private static final int VERSION = 1;

  private final ActorSpec actors;
  private final int group;
  private final Company<E> company;
  private long answered;
  private long completed;
  private long spared;

  private EnvironmentGroup(
      ActorSpec actors,
      int group,
      EnvironmentProvider provider,
      boolean wholeEpisodes,
      IntFunction<Accumulator<E>> accumulators) {
    this.actors = actors;
    this.group = group;
    List<ActingEnvironment<E>> environments = new ArrayList<>();
    int first = actors.firstOf(group);
    for (int number = first; number < first + actors.groupSizes()[group]; number++) {
      environments.add(
          new ActingEnvironment<>(actors, group, number, provider, accumulators.apply(number)));
    }
    company = new Company<>(actors, wholeEpisodes, environments);
  }

  /**
   * A group whose steps become transitions.
   *
   * @param group which of the experiment's groups
   * @param provider makes its environments, when they first step
   * @param agent says what is remembered of them
   */
  public static EnvironmentGroup<Transition> of(
      ActorSpec actors, int group, EnvironmentProvider provider, ReplayAgent agent) {
    return new EnvironmentGroup<>(actors, group, provider, false, agent::accumulator);
  }

  /** A group whose steps become trajectories. */
  public static EnvironmentGroup<Trajectory> of(
      ActorSpec actors, int group, EnvironmentProvider provider, TrajectoryAgent agent) {
    ReplaySpec.Fifo fifo = agent.replay();
    int annotations = agent.policy().annotationSize();
    return new EnvironmentGroup<>(
        actors,
        group,
        provider,
        fifo.wholeEpisodes(),
        number ->
            new TrajectoryAccumulator(
                number,
                fifo.discount(),
                actors.environment().observationSize(),
                actors.environment().actionSize(),
                annotations));
  }

  /**
   * Answers a ticket: takes its steps in every environment, or as many of them as its episode
   * needs.
   *
   * @param version of the parameters that {@code policy} acts with
   * @param experience takes what is complete
   * @param episodeEnds takes a report of each episode that ends
   * @throws EnvironmentFaultException if an environment fails too often in a row
   * @throws IllegalStateException if it is not the group's next ticket
   */
  public void advance(
      Ticket ticket,
      ParameterVersion version,
      Policy policy,
      Consumer<E> experience,
      Consumer<Report.Episode> episodeEnds) {
    if (ticket.group() != group || ticket.number() != answered + 1) {
      throw new IllegalStateException(
          "group %d got ticket %d of group %d after its own ticket %d: tickets come in order and without gaps; the states of source and actors are not of one checkpoint"
              .formatted(group, ticket.number(), ticket.group(), answered));
    }
    Consumer<E> counted =
        complete -> {
          completed += complete.steps();
          experience.accept(complete);
        };
    long taken = company.act(ticket, version, policy, counted, episodeEnds);
    spared += (long) ticket.steps() * company.size() - taken;
    answered = ticket.number();
  }

  /** Which of the experiment's groups this is. */
  public int group() {
    return group;
  }

  /** News for the ticket source. */
  public Progress.Group progress() {
    long abandoned = company.sum(ActingEnvironment::abandoned);
    return new Progress.Group(group, answered, completed, abandoned, spared);
  }

  /** News for the recorder. */
  public Report.Acting report(ParameterVersion acting) {
    return new Report.Acting(group, steps(), faults(), acting);
  }

  /** Environment steps taken, those in which an environment failed included. */
  public long steps() {
    return company.sum(ActingEnvironment::steps);
  }

  /** Episodes ended. */
  public long episodes() {
    return company.episodes();
  }

  /** Times an environment failed and was made anew. */
  public long faults() {
    return company.sum(ActingEnvironment::faults);
  }

  /** Writes everything but the policy, which is the same for all groups. */
  public void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeInt(group);
    out.writeInt(company.size());
    out.writeLong(answered);
    out.writeLong(completed);
    out.writeLong(spared);
    company.save(out);
  }

  /**
   * Continues what {@link #save} wrote. An environment that can be snapshotted continues its
   * episode; one that cannot starts another, and what its accumulator held counts as abandoned.
   *
   * @throws IllegalStateException if it was written by another group
   */
  public void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "environment group version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    int savedGroup = in.readInt();
    int savedSize = in.readInt();
    if (savedGroup != group || savedSize != company.size()) {
      throw new IllegalStateException(
          "state is of group %d with %d environments, this is group %d with %d: groups are fixed for a run"
              .formatted(savedGroup, savedSize, group, company.size()));
    }
    answered = in.readLong();
    completed = in.readLong();
    spared = in.readLong();
    int lost = company.restore(in);
    if (lost > 0) {
      LOG.warn(
          "{} environments of group {} cannot be snapshotted ({}): each starts a new episode, and what was under way is lost",
          lost,
          group,
          actors.environment().name());
    }
  }

  /** Closes the environments. */
  @Override
  public void close() {
    company.close();
  }
}
