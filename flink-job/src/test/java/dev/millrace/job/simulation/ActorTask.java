package dev.millrace.job.simulation;

import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.streams.Inbox;
import dev.millrace.streams.ShardKeys;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutputStream;
import java.io.IOException;

/** An actor with one group of environments. */
final class ActorTask implements Task {
  private final Life life;
  private final int group;
  private final Channel.Outbox outbox = new Channel.Outbox();
  private final Channel[] out;
  final Inbox<Object> inbox = Inbox.latest(parameters -> "learner");
  final EnvironmentModel[] environments;
  ParameterVersion acting = ParameterVersion.NONE;
  long answered;
  long completed;

  ActorTask(Life life, int group, byte[] saved) throws IOException {
    this.life = life;
    this.group = group;
    out = life.transitions[group];
    environments = new EnvironmentModel[life.conditions.groupSizes[group]];
    for (int i = 0; i < environments.length; i++) {
      int number = life.conditions.firstOf(group) + i;
      environments[i] = new EnvironmentModel(number, life.conditions, life.random);
    }
    if (saved != null) {
      restore(Life.in(saved));
    }
    onTimer();
  }

  @Override
  public void run() throws IOException {
    if (!outbox.flush()) {
      return;
    }
    inbox.drain(version -> install((ParameterVersion) version));
    Object element = life.tickets[group].poll();
    if (element instanceof Ticket ticket) {
      life.trace.add("advance", ticket);
      for (int step = 0; step < ticket.steps(); step++) {
        for (EnvironmentModel environment : environments) {
          environment.step(acting, this::completed);
        }
      }
      answered = ticket.number();
      onTimer();
    } else if (element instanceof Channel.Barrier barrier) {
      life.checkpoint.actors[group] = save();
      outbox.emit(out, barrier);
    }
    outbox.flush();
  }

  private void install(ParameterVersion version) {
    if (version.newerThan(acting) || life.conditions.defect == Defect.OLDER_PARAMETERS) {
      life.trace.add("install in " + group, version);
      if (version.epoch() < acting.epoch()
          || version.epoch() == acting.epoch() && version.step() < acting.step()) {
        throw new Violation("group %d went back from %s to %s".formatted(group, acting, version));
      }
      acting = version;
    }
  }

  private void completed(Transition transition) {
    completed++;
    int shards = out.length;
    int shard = ShardKeys.shardOf(transition.environment(), transition.step(), shards);
    if (life.conditions.skewed && transition.step() % 8 != 0) {
      shard = 0;
    }
    outbox.emit(out[shard], life.stamped(transition));
  }

  @Override
  public void onTimer() {
    life.feedback.send(Feedback.Edge.PROGRESS, 0, progress());
  }

  private Progress.Group progress() {
    boolean uncounted = life.conditions.defect == Defect.ABANDONED_UNCOUNTED;
    long abandoned = 0;
    for (EnvironmentModel environment : environments) {
      abandoned += environment.abandoned;
    }
    return new Progress.Group(group, answered, completed, uncounted ? 0 : abandoned, 0);
  }

  private byte[] save() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeLong(answered);
    data.writeLong(completed);
    data.writeLong(acting.epoch());
    data.writeLong(acting.step());
    for (EnvironmentModel environment : environments) {
      environment.save(data);
    }
    return bytes.toByteArray();
  }

  private void restore(DataInput in) throws IOException {
    answered = in.readLong();
    completed = in.readLong();
    acting = new ParameterVersion(in.readLong(), in.readLong());
    for (EnvironmentModel environment : environments) {
      environment.restore(in);
    }
  }
}
