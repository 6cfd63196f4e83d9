package dev.millrace.env;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.Policy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Environments that act together: one pass of the policy decides for all of them. Knows nothing of
 * Flink.
 *
 * <p>What an environment does depends on the seed, its own number and the parameters it is given,
 * not on the company it is in, unless the policy mixes the rows of a batch.
 */
public final class EnvironmentGroup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentGroup.class);
  private static final int VERSION = 1;

  private final ActorSpec actors;
  private final int group;
  private final ActingEnvironment[] environments;
  private ActingBatch batch;
  private long answered;
  private long completed;
  private long episodes;

  /**
   * @param group which of the experiment's groups
   * @param provider makes its environments, when they first step
   * @param agent says what is remembered of them
   */
  public EnvironmentGroup(ActorSpec actors, int group, EnvironmentProvider provider, Agent agent) {
    this.actors = actors;
    this.group = group;
    environments = new ActingEnvironment[actors.groupSizes()[group]];
    for (int i = 0; i < environments.length; i++) {
      int number = actors.firstOf(group) + i;
      environments[i] =
          new ActingEnvironment(actors, group, number, provider, agent.accumulator(number));
    }
  }

  /**
   * Answers a ticket: takes its steps in every environment.
   *
   * @param version of the parameters that {@code policy} acts with
   * @param transitions takes those that are complete
   * @param episodeEnds takes a report of each episode that ends
   * @throws EnvironmentFaultException if an environment fails too often in a row
   * @throws IllegalStateException if it is not the group's next ticket
   */
  public void advance(
      Ticket ticket,
      ParameterVersion version,
      Policy policy,
      Consumer<Transition> transitions,
      Consumer<Report.Episode> episodeEnds) {
    if (ticket.group() != group || ticket.number() != answered + 1) {
      throw new IllegalStateException(
          "group %d got ticket %d of group %d after its own ticket %d: tickets come in order and without gaps; the states of source and actors are not of one checkpoint"
              .formatted(group, ticket.number(), ticket.group(), answered));
    }
    if (batch == null) {
      batch = new ActingBatch(environments.length, actors.environment(), policy.annotationSize());
      batch.count = environments.length;
    }
    Consumer<Transition> counted =
        transition -> {
          completed++;
          transitions.accept(transition);
        };
    for (int step = 0; step < ticket.steps(); step++) {
      batch.environmentSteps = ticket.environmentSteps() + (long) step * environments.length;
      step(ticket, version, policy, counted, episodeEnds);
    }
    answered = ticket.number();
  }

  private void step(
      Ticket ticket,
      ParameterVersion version,
      Policy policy,
      Consumer<Transition> transitions,
      Consumer<Report.Episode> episodeEnds) {
    for (int row = 0; row < environments.length; row++) {
      environments[row].observe(batch, row);
    }
    policy.act(batch);
    for (int row = 0; row < environments.length; row++) {
      ActingEnvironment environment = environments[row];
      TimeStep last = environment.step(batch, row, version, transitions);
      if (last != null) {
        episodes++;
        episodeEnds.accept(
            new Report.Episode(
                environment.number(),
                ticket.environmentSteps(),
                environment.episodeReturn(),
                environment.episodeLength(),
                last.discount() != 0));
      }
    }
  }

  /** Which of the experiment's groups this is. */
  public int group() {
    return group;
  }

  /** News for the ticket source. */
  public Progress.Group progress() {
    long abandoned = 0;
    for (ActingEnvironment environment : environments) {
      abandoned += environment.abandoned();
    }
    return new Progress.Group(group, answered, completed, abandoned);
  }

  /** News for the recorder. */
  public Report.Acting report(ParameterVersion acting) {
    return new Report.Acting(group, steps(), faults(), acting);
  }

  /** Environment steps taken, those in which an environment failed included. */
  public long steps() {
    long steps = 0;
    for (ActingEnvironment environment : environments) {
      steps += environment.steps();
    }
    return steps;
  }

  /** Episodes ended. */
  public long episodes() {
    return episodes;
  }

  /** Times an environment failed and was made anew. */
  public long faults() {
    long faults = 0;
    for (ActingEnvironment environment : environments) {
      faults += environment.faults();
    }
    return faults;
  }

  /** Writes everything but the policy, which is the same for all groups. */
  public void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeInt(group);
    out.writeInt(environments.length);
    out.writeLong(answered);
    out.writeLong(completed);
    out.writeLong(episodes);
    for (ActingEnvironment environment : environments) {
      environment.save(out);
    }
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
    if (savedGroup != group || savedSize != environments.length) {
      throw new IllegalStateException(
          "state is of group %d with %d environments, this is group %d with %d: groups are fixed for a run"
              .formatted(savedGroup, savedSize, group, environments.length));
    }
    answered = in.readLong();
    completed = in.readLong();
    episodes = in.readLong();
    int lost = 0;
    for (ActingEnvironment environment : environments) {
      lost += environment.restore(in) ? 1 : 0;
    }
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
    for (ActingEnvironment environment : environments) {
      environment.close();
    }
  }
}
