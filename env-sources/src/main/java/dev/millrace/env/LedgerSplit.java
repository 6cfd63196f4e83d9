package dev.millrace.env;

import dev.millrace.core.loop.TicketLedger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * The ticket source's only split: the ledger as it was saved. It lies with the reader because only
 * there it is taken in the same instant as the barrier that follows the tickets.
 *
 * @param saved empty before the first ticket
 */
record LedgerSplit(byte[] saved) implements SourceSplit {
  static final LedgerSplit NEW = new LedgerSplit(new byte[0]);

  static LedgerSplit of(TicketLedger ledger) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ledger.save(new DataOutputStream(bytes));
      return new LedgerSplit(bytes.toByteArray());
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  TicketLedger ledger(TicketPlan plan) {
    TicketLedger ledger = plan.ledger();
    if (saved.length > 0) {
      try {
        ledger.restore(new DataInputStream(new ByteArrayInputStream(saved)));
      } catch (IOException unreadable) {
        throw new IllegalStateException(unreadable.getMessage(), unreadable);
      }
    }
    return ledger;
  }

  @Override
  public String splitId() {
    return "tickets";
  }

  /**
   * The ledger's bytes carry their own version, which the reader checks: what fails here fails
   * before there is a job to fail.
   */
  static final class Serializer implements SimpleVersionedSerializer<LedgerSplit> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(LedgerSplit split) {
      return split.saved();
    }

    @Override
    public LedgerSplit deserialize(int version, byte[] bytes) {
      return new LedgerSplit(bytes);
    }
  }
}
