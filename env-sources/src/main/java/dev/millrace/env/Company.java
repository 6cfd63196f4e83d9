package dev.millrace.env;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.experience.Experience;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.Policy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** The environments of a group: one pass of the policy decides for all that act. */
final class Company<E extends Experience> implements AutoCloseable {
  private final ActorSpec actors;
  private final boolean wholeEpisodes;
  private final List<ActingEnvironment<E>> environments;

  /** Those that act on in the ticket under way, by row of the batch. */
  private final List<ActingEnvironment<E>> rows = new ArrayList<>();

  private ActingBatch batch;
  private long episodes;

  /**
   * @param wholeEpisodes whether an environment's part in a ticket ends with its episode
   */
  Company(ActorSpec actors, boolean wholeEpisodes, List<ActingEnvironment<E>> environments) {
    this.actors = actors;
    this.wholeEpisodes = wholeEpisodes;
    this.environments = environments;
  }

  int size() {
    return environments.size();
  }

  /** Episodes ended. */
  long episodes() {
    return episodes;
  }

  /** A count of theirs, over all of them. */
  long sum(ToLongFunction<ActingEnvironment<E>> count) {
    long sum = 0;
    for (ActingEnvironment<E> environment : environments) {
      sum += count.applyAsLong(environment);
    }
    return sum;
  }

  /**
   * Acts for a ticket.
   *
   * @return environment steps taken
   */
  long act(
      Ticket ticket,
      ParameterVersion version,
      Policy policy,
      Consumer<E> experience,
      Consumer<Report.Episode> episodeEnds) {
    if (batch == null) {
      batch = new ActingBatch(environments.size(), actors.environment(), policy);
    }
    long taken = 0;
    rows.clear();
    rows.addAll(environments);
    for (int step = 0; step < ticket.steps() && !rows.isEmpty(); step++) {
      batch.environmentSteps = ticket.environmentSteps() + taken;
      taken += rows.size();
      step(ticket, version, policy, experience, episodeEnds);
    }
    for (ActingEnvironment<E> environment : environments) {
      environment.cut(experience);
    }
    return taken;
  }

  private void step(
      Ticket ticket,
      ParameterVersion version,
      Policy policy,
      Consumer<E> experience,
      Consumer<Report.Episode> episodeEnds) {
    batch.count = rows.size();
    for (int row = 0; row < batch.count; row++) {
      rows.get(row).observe(batch, row);
    }
    policy.act(batch);
    for (int row = 0; row < batch.count; row++) {
      ActingEnvironment<E> environment = rows.get(row);
      TimeStep last = environment.step(batch, row, version, experience);
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
    if (wholeEpisodes) {
      rows.removeIf(environment -> !environment.underWay());
    }
  }

  void save(DataOutput out) throws IOException {
    out.writeLong(episodes);
    for (ActingEnvironment<E> environment : environments) {
      environment.save(out);
    }
  }

  /**
   * Continues what {@link #save} wrote.
   *
   * @return episodes lost because their environments could not be snapshotted
   */
  int restore(DataInput in) throws IOException {
    episodes = in.readLong();
    int lost = 0;
    for (ActingEnvironment<E> environment : environments) {
      lost += environment.restore(in) ? 1 : 0;
    }
    return lost;
  }

  @Override
  public void close() {
    environments.forEach(ActingEnvironment::close);
  }
}
