package dev.millrace.job.simulation;

import java.io.IOException;

/** A thread of the job. */
interface Task {

  /** One step of whatever there is to do. */
  void run() throws IOException;

  /** Sends its absolute values again. */
  void onTimer();
}
