package dev.millrace.job.simulation;

import dev.millrace.core.experience.Transition;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.streams.Inbox;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** The job from a start or a restore to its end or the next crash: tasks and what joins them. */
final class Life {

  final int number;
  final Conditions conditions;
  final SeededRandom random;
  final Feedback feedback;
  final Trace trace;
  final Tally tally;
  final Clock clock;
  final Invariants invariants;

  final Channel[] tickets;
  final Channel[][] transitions;
  final Channel[] samples;
  final SourceTask source;
  final ActorTask[] actors;
  final ShardTask[] shards;
  final LearnerTask learner;
  private final Task[] tasks;

  /** Under way, or null. */
  Checkpoint checkpoint;

  /** The last that was completed, or null. */
  Checkpoint completed;

  /**
   * @param from null to start over
   * @param published the newest version of an earlier life
   */
  Life(int number, LoopSimulation simulation, Checkpoint from, ParameterVersion published)
      throws IOException {
    this.number = number;
    this.completed = from;
    invariants = new Invariants(this, simulation.trace.turn, published);
    conditions = simulation.conditions;
    random = simulation.random;
    feedback = simulation.feedback;
    trace = simulation.trace;
    tally = simulation.tally;
    boolean still = conditions.defect == Defect.EPOCHS_STAND_STILL;
    clock = Clock.fixed(Instant.ofEpochMilli(still ? 0 : 1000 + number), ZoneOffset.UTC);
    tickets = channels(conditions.groupSizes.length);
    transitions = new Channel[conditions.groupSizes.length][];
    for (int group = 0; group < transitions.length; group++) {
      transitions[group] = channels(conditions.shards);
    }
    samples = channels(conditions.shards);
    source = new SourceTask(this, from == null ? null : from.source);
    actors = new ActorTask[transitions.length];
    for (int group = 0; group < actors.length; group++) {
      actors[group] = new ActorTask(this, group, from == null ? null : from.actors[group]);
    }
    shards = new ShardTask[conditions.shards];
    for (int shard = 0; shard < shards.length; shard++) {
      shards[shard] = new ShardTask(this, shard, from == null ? null : from.shards[shard]);
    }
    learner = new LearnerTask(this, from == null ? null : from.learner);
    tasks = new Task[2 + actors.length + shards.length];
    tasks[0] = source;
    tasks[1] = learner;
    System.arraycopy(actors, 0, tasks, 2, actors.length);
    System.arraycopy(shards, 0, tasks, 2 + actors.length, shards.length);
  }

  private Channel[] channels(int count) {
    Channel[] channels = new Channel[count];
    for (int i = 0; i < count; i++) {
      channels[i] = new Channel(conditions.channelCapacity);
    }
    return channels;
  }

  static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }

  Task anyTask() {
    return tasks[random.nextInt(tasks.length)];
  }

  Inbox<Object> inbox(Feedback.Message message) {
    return switch (message.edge()) {
      case PROGRESS -> source.inbox;
      case PARAMETERS -> actors[message.receiver()].inbox;
      case CREDITS -> shards[message.receiver()].credits;
      case PRIORITIES -> shards[message.receiver()].priorities;
    };
  }

  /** The last task has saved. */
  void completed() {
    completed = checkpoint;
    checkpoint = null;
    tally.checkpoints++;
    trace.add("checkpoint completed", "");
  }

  /** The transition with its priority, and the life that made it in place of its reward. */
  Transition stamped(Transition transition) {
    return new Transition(
        transition.environment(),
        transition.step(),
        transition.version(),
        transition.observation(),
        transition.action(),
        number,
        transition.discount(),
        transition.nextObservation(),
        ShardTruth.priority(
            transition.environment(), transition.step(), number, ShardTruth.Judge.ACTOR));
  }

  int lifeOf(Transition transition) {
    return (int) transition.reward();
  }
}
