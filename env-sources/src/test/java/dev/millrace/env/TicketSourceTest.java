package dev.millrace.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.loop.Progress;
import dev.millrace.streams.FeedbackEdge;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;

class TicketSourceTest {
  private static final TicketPlan PLAN =
      new TicketPlan(new int[] {2}, 1, 4, false, new RateLimiter(1, 16, 0, 1000), 40, 8);

  private final TestingEnumeratorContext context = new TestingEnumeratorContext();

  private static TicketSource source(Map<String, String> fingerprint) {
    return new TicketSource(
        PLAN, FeedbackEdge.latest("news", Progress::producer), new TreeMap<>(fingerprint), false);
  }

  private static TicketEnumerator.State throughBytes(TicketEnumerator.State state)
      throws Exception {
    TicketEnumerator.Serializer serializer = new TicketEnumerator.Serializer();
    return serializer.deserialize(1, serializer.serialize(state));
  }

  @Test
  void theFirstReaderGetsTheLedgerOnce() throws Exception {
    SplitEnumerator<LedgerSplit, TicketEnumerator.State> enumerator =
        source(Map.of()).createEnumerator(context);
    enumerator.addReader(0);
    enumerator.addReader(0);
    assertThat(context.assigned).containsExactly(LedgerSplit.NEW);
    assertThat(enumerator.snapshotState(1).unassigned()).isEmpty();
  }

  @Test
  void aLedgerThatComesBackIsAssignedAnew() throws Exception {
    SplitEnumerator<LedgerSplit, TicketEnumerator.State> enumerator =
        source(Map.of()).createEnumerator(context);
    enumerator.addReader(0);
    LedgerSplit back = new LedgerSplit(new byte[] {1, 2, 3});
    enumerator.addSplitsBack(List.of(back), 0);
    assertThat(context.assigned).hasSize(1);
    enumerator.addReader(0);
    assertThat(context.assigned).containsExactly(LedgerSplit.NEW, back);
    context.readers.put(0, new ReaderInfo(0, "here"));
    enumerator.addSplitsBack(List.of(back), 0);
    assertThat(context.assigned).containsExactly(LedgerSplit.NEW, back, back);
  }

  @Test
  void stateComesBackFromItsBytes() throws Exception {
    TicketSource source = source(Map.of("a.b", "1", "c", "[64, 64]"));
    TicketEnumerator.State saved = throughBytes(source.createEnumerator(context).snapshotState(1));
    assertThat(saved.fingerprint()).isEqualTo(Map.of("a.b", "1", "c", "[64, 64]"));
    SplitEnumerator<LedgerSplit, TicketEnumerator.State> restored =
        source.restoreEnumerator(context, saved);
    restored.start();
    restored.addReader(0);
    assertThat(context.assigned).hasSize(1);
    assertThat(context.assigned.get(0).saved()).isEmpty();
  }

  @Test
  void aSavepointOfAnotherConfigurationIsRefusedForGoodNamingEveryDifference() throws Exception {
    TicketEnumerator.State saved =
        throughBytes(
            source(Map.of("environment.name", "Acrobot-v1", "replay.shards", "8", "seed", "1"))
                .createEnumerator(context)
                .snapshotState(1));
    TicketSource changed =
        source(Map.of("environment.name", "CartPole-v1", "seed", "1", "replay.sampler", "uniform"));
    assertThatThrownBy(() -> changed.restoreEnumerator(context, saved).start())
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(
            String.join(
                System.lineSeparator(),
                "the savepoint is of another configuration, and what it holds could not be continued:",
                "  environment.name=CartPole-v1: the savepoint has Acrobot-v1",
                "  replay.sampler=uniform: the savepoint has (unset)",
                "  replay.shards=(unset): the savepoint has 8",
                "set these back, or begin a new run"));
  }

  @Test
  void stateOfAnotherVersionIsRefusedForGoodOnceThereIsAJobToFail() throws Exception {
    TicketEnumerator.State newer = new TicketEnumerator.Serializer().deserialize(2, new byte[0]);
    assertThatThrownBy(() -> source(Map.of()).restoreEnumerator(context, newer).start())
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessage(
            "ticket source state version=2: this build reads version 1; use the build that wrote it");
  }

  @Test
  void aPlanNeedsGroupsShardsStepsAndABatch() {
    assertThatThrownBy(
            () ->
                new TicketPlan(new int[] {2}, 1, 0, false, new RateLimiter(1, 16, 0, 1000), 40, 8))
        .hasMessage(
            "ticket plan groups=1, shards=1, stepsPerTicket=0, batchSize=8: must be at least 1");
  }
}
