package dev.millrace.deploy.session;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code ./millrace}, as a process of its own. */
final class Client implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Process process;
  private final Path output;

  private Client(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts it; what it prints goes to {@code output}. */
  static Client start(Path output, String... arguments) throws IOException {
    // Who was started in the background of a script would not hear of Ctrl-C.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", "/bin/bash"));
    command.add(SessionCluster.ROOT.resolve("millrace").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("MILLRACE_HEAP", "256m");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder.redirectInput(new File("/dev/null"));
    return new Client(builder.start(), output);
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  boolean runs() {
    return process.isAlive();
  }

  /** What a terminal does at Ctrl-C. */
  void interrupt() throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  /** kill -9. */
  void kill() throws Exception {
    process.destroyForcibly().waitFor();
  }

  /** Waits until it has ended; the status and all it has printed. */
  SessionCluster.Answer end() throws Exception {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("has not ended: " + output());
    }
    return new SessionCluster.Answer(process.exitValue(), output());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
