package dev.millrace.env;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/** Hands the only split to the only reader, and keeps the configuration's fingerprint. */
final class TicketEnumerator implements SplitEnumerator<LedgerSplit, TicketEnumerator.State> {

  /**
   * @param fingerprint the options that are fixed for the run, by key
   * @param unassigned the split, unless a reader has it
   * @param unreadable why it could not be read; null if it was
   */
  record State(
      SortedMap<String, String> fingerprint, List<LedgerSplit> unassigned, String unreadable) {
    State(SortedMap<String, String> fingerprint, List<LedgerSplit> unassigned) {
      this(fingerprint, unassigned, null);
    }

    /**
     * @throws IllegalStateException if it could not be read, or naming every option that is not
     *     what it was
     */
    void requireSame(SortedMap<String, String> configured) {
      if (unreadable != null) {
        throw new IllegalStateException(unreadable);
      }
      List<String> differences = new ArrayList<>();
      TreeSet<String> keys = new TreeSet<>(fingerprint.keySet());
      keys.addAll(configured.keySet());
      for (String key : keys) {
        String before = fingerprint.getOrDefault(key, "(unset)");
        String now = configured.getOrDefault(key, "(unset)");
        if (!before.equals(now)) {
          differences.add("%n  %s=%s: the savepoint has %s".formatted(key, now, before));
        }
      }
      if (!differences.isEmpty()) {
        throw new IllegalStateException(
            "the savepoint is of another configuration, and what it holds could not be continued:%s%nset these back, or begin a new run"
                .formatted(String.join("", differences)));
      }
    }
  }

  private final SplitEnumeratorContext<LedgerSplit> context;
  private final State begun;
  private final SortedMap<String, String> configured;
  private final Deque<LedgerSplit> unassigned;

  /**
   * @param begun new or restored
   * @param configured the fingerprint of the present configuration
   */
  TicketEnumerator(
      SplitEnumeratorContext<LedgerSplit> context,
      State begun,
      SortedMap<String, String> configured) {
    this.context = context;
    this.begun = begun;
    this.configured = configured;
    unassigned = new ArrayDeque<>(begun.unassigned());
  }

  /**
   * Runs before any task is deployed, and its failure is final. A failure while the enumerator is
   * being restored would come too early for Flink to fail the job, which would wait for ever.
   */
  @Override
  public void start() {
    try {
      begun.requireSame(configured);
    } catch (IllegalStateException mismatch) {
      throw new SuppressRestartsException(mismatch);
    }
  }

  @Override
  public void addReader(int subtask) {
    while (!unassigned.isEmpty()) {
      context.assignSplit(unassigned.poll(), subtask);
    }
  }

  @Override
  public void addSplitsBack(List<LedgerSplit> splits, int subtask) {
    unassigned.addAll(splits);
    if (context.registeredReaders().containsKey(subtask)) {
      addReader(subtask);
    }
  }

  @Override
  public void handleSplitRequest(int subtask, String requesterHostname) {}

  @Override
  public State snapshotState(long checkpointId) {
    return new State(configured, List.copyOf(unassigned));
  }

  @Override
  public void close() {}

  /** Version 1: the fingerprint's entries, then the splits. */
  static final class Serializer implements SimpleVersionedSerializer<State> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(State state) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(state.fingerprint().size());
      for (Map.Entry<String, String> entry : state.fingerprint().entrySet()) {
        out.writeUTF(entry.getKey());
        out.writeUTF(entry.getValue());
      }
      out.writeInt(state.unassigned().size());
      for (LedgerSplit split : state.unassigned()) {
        out.writeInt(split.saved().length);
        out.write(split.saved());
      }
      return bytes.toByteArray();
    }

    @Override
    public State deserialize(int version, byte[] bytes) throws IOException {
      if (version != getVersion()) {
        // What fails here fails before there is a job to fail, which would wait for ever.
        return new State(
            new TreeMap<>(),
            List.of(),
            "ticket source state version=%d: this build reads version %d; use the build that wrote it"
                .formatted(version, getVersion()));
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      SortedMap<String, String> fingerprint = new TreeMap<>();
      int entries = in.readInt();
      for (int i = 0; i < entries; i++) {
        fingerprint.put(in.readUTF(), in.readUTF());
      }
      List<LedgerSplit> unassigned = new ArrayList<>();
      int splits = in.readInt();
      for (int i = 0; i < splits; i++) {
        unassigned.add(new LedgerSplit(in.readNBytes(in.readInt())));
      }
      return new State(fingerprint, unassigned);
    }
  }
}
