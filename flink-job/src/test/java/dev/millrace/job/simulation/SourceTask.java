package dev.millrace.job.simulation;

import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.loop.TicketLedger;
import dev.millrace.streams.Inbox;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** The ticket source around its ledger. */
final class SourceTask implements Task {
  private final Life life;
  private final Channel.Outbox outbox = new Channel.Outbox();
  final Inbox<Object> inbox = Inbox.latest(progress -> ((Progress) progress).producer());
  final TicketLedger ledger;
  boolean finished;

  SourceTask(Life life, byte[] saved) throws IOException {
    this.life = life;
    Conditions conditions = life.conditions;
    ledger =
        new TicketLedger(
            conditions.groupSizes,
            conditions.shards,
            conditions.stepsPerTicket,
            false,
            conditions.limiter,
            conditions.budgetSteps);
    if (saved != null) {
      ledger.restore(Life.in(saved));
    }
  }

  @Override
  public void run() {
    if (!outbox.flush()) {
      return;
    }
    inbox.drain(progress -> ledger.note((Progress) progress));
    finished = ledger.finished(life.conditions.batchSize);
    if (finished) {
      return;
    }
    Ticket ticket = ledger.next();
    if (ticket != null) {
      life.trace.add("ticket", ticket);
      life.invariants.checkTicket(ticket);
      outbox.emit(life.tickets[ticket.group()], ticket);
    }
  }

  @Override
  public void onTimer() {}

  /** Begins a checkpoint, unless something is still to be sent. */
  boolean checkpoint(int number) throws IOException {
    if (!outbox.flush()) {
      return false;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ledger.save(new DataOutputStream(bytes));
    life.checkpoint = new Checkpoint(life.conditions);
    life.checkpoint.source = bytes.toByteArray();
    outbox.emit(life.tickets, new Channel.Barrier(number));
    outbox.flush();
    return true;
  }
}
