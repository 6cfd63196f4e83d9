package dev.millrace.env;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.ShardKeys;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** What a savepoint's actors hold. */
public final class SavedActors {
  private final List<String> groups = new ArrayList<>();
  private PolicyParameters acting;

  private SavedActors() {}

  /** Each group's counters. */
  public List<String> groups() {
    return groups;
  }

  /** The parameters acted with. */
  public PolicyParameters acting() {
    return acting;
  }

  /**
   * Reads every group.
   *
   * @param state of the operator "actors"
   */
  public static SavedActors read(
      OperatorSubtaskState state, ActorSpec spec, EnvironmentProvider provider, Agent agent)
      throws Exception {
    Reader reader = new Reader(spec, provider, agent);
    try (var harness =
        new KeyedOneInputStreamOperatorTestHarness<Integer, Integer, Void>(
            reader, key -> key, Types.INT, ShardKeys.MAX_PARALLELISM, 1, 0)) {
      harness.setStateBackend(new EmbeddedRocksDBStateBackend(true));
      harness.setup();
      harness.initializeState(state);
      harness.open();
    }
    return reader.read;
  }

  private static final class Reader extends AbstractStreamOperator<Void>
      implements OneInputStreamOperator<Integer, Void> {
    private static final long serialVersionUID = 1L;
    private final transient SavedActors read = new SavedActors();
    private final transient ActorSpec spec;
    private final transient EnvironmentProvider provider;
    private final transient Agent agent;

    private Reader(ActorSpec spec, EnvironmentProvider provider, Agent agent) {
      this.spec = spec;
      this.provider = provider;
      this.agent = agent;
    }

    @Override
    public void open() throws Exception {
      super.open();
      ShardKeys keys = new ShardKeys(spec.groups());
      var states =
          getKeyedStateStore()
              .getState(new ValueStateDescriptor<>("group", BytePrimitiveArraySerializer.INSTANCE));
      for (int group = 0; group < spec.groups(); group++) {
        setCurrentKey(keys.key(group));
        GroupActor<?> actor = new GroupActor<>(group(group));
        actor.restore(states.value());
        note(actor);
      }
      read.acting =
          getOperatorStateBackend()
              .getBroadcastState(
                  new MapStateDescriptor<>(
                      "parameters",
                      IntSerializer.INSTANCE,
                      MessageTypes.POLICY_PARAMETERS.serializer()))
              .get(0);
    }

    private EnvironmentGroup<?> group(int group) {
      return agent instanceof ReplayAgent sampling
          ? EnvironmentGroup.of(spec, group, provider, sampling)
          : EnvironmentGroup.of(spec, group, provider, (TrajectoryAgent) agent);
    }

    private void note(GroupActor<?> actor) {
      read.groups.add(
          "%d tickets wait, %d steps, %d episodes, %d faults, %s"
              .formatted(
                  actor.waiting.size(),
                  actor.environments.steps(),
                  actor.environments.episodes(),
                  actor.environments.faults(),
                  actor.environments.progress()));
    }

    @Override
    public void processElement(StreamRecord<Integer> record) {}
  }
}
