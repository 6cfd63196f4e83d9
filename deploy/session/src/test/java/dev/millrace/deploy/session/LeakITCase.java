package dev.millrace.deploy.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A TaskManager is after ten jobs what it was after three. */
class LeakITCase {
  private static final int WARM = 3;
  private static final int JOBS = 10;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** As in conf/flink/config.yaml, and the heap is resident from the beginning. */
  private static final String JVM =
      "--add-modules=jdk.incubator.vector -XX:+UseParallelGC -XX:+AlwaysPreTouch -Dorg.bytedeco.javacpp.maxphysicalbytes=2g";

  private static final Pattern POOLS =
      Pattern.compile(
          "flink-(metrics-)?(pekko|scheduler|taskexecutor-io).*|flink-#|GC Thread.*|.*CompilerThread.*|Attach.*|process reaper");
  private static final Pattern COUNTER = Pattern.compile("(?m)^([\\w.]+)=(\\d+)$");

  @TempDir Path folder;
  private SessionCluster cluster;

  /**
   * What a TaskManager holds.
   *
   * @param threads by name, without numbers
   * @param classes loaded and not unloaded
   * @param metaspace bytes
   * @param resident bytes of the process
   */
  private record Held(Map<String, Integer> threads, long classes, long metaspace, long resident) {
    /** Threads that are not of the JVM's own or of Flink's pools, which breathe. */
    int count() {
      return threads.entrySet().stream()
          .filter(name -> !POOLS.matcher(name.getKey()).matches())
          .mapToInt(Map.Entry::getValue)
          .sum();
    }
  }

  @Test
  void tenJobsLeaveNothingBehind() throws Exception {
    Path configuration = Files.writeString(folder.resolve("small.yaml"), SubmissionITCase.SMALL);
    cluster =
        SessionCluster.start(
            folder.resolve("cluster"),
            "--taskmanagers",
            "1",
            "--slots",
            "2",
            "-D",
            "env.java.opts.taskmanager=" + JVM);
    try {
      List<Held> after = new ArrayList<>();
      for (int job = 1; job <= JOBS; job++) {
        String run = folder.resolve("run-" + job).toString();
        String[] arguments = {"run", "-d", SubmissionITCase.JAR.toString(), "train"};
        cluster
            .flink(
                Stream.concat(
                        Stream.of(arguments),
                        Stream.of(
                            configuration.toString(),
                            "--run-dir",
                            run,
                            "--set",
                            "budget.environment-steps=1000"))
                    .toArray(String[]::new))
            .expected();
        int finished = job;
        SessionCluster.await("the end of job " + job, LIMIT, () -> finished() == finished);
        if (job == WARM || job == JOBS) {
          after.add(settled());
        }
      }
      Held warm = after.get(0);
      Held last = after.get(1);
      String both = "warm " + warm + "\nlast " + last;
      // What a thread for each job would add is seven.
      assertThat(last.count()).as(both).isLessThan(warm.count() + 3);
      // A job's own classes are some hundreds.
      assertThat(last.classes()).as(both).isLessThan(warm.classes() + 300);
      assertThat(last.metaspace()).as(both).isLessThan(warm.metaspace() + (4 << 20));
      assertThat(last.resident()).as(both).isLessThan(warm.resident() + (100 << 20));
    } finally {
      cluster.close();
    }
  }

  /** What the TaskManager holds once nothing of it can be collected any more. */
  private Held settled() throws Exception {
    Held before = null;
    for (int looks = 0; looks < 10; looks++) {
      jcmd("GC.run");
      Thread.sleep(1000);
      Held now = held();
      if (before != null && now.classes() == before.classes() && now.count() == before.count()) {
        return now;
      }
      before = now;
    }
    return before;
  }

  private Held held() throws Exception {
    Map<String, Long> counters = new TreeMap<>();
    Matcher counter = COUNTER.matcher(jcmd("PerfCounter.print"));
    while (counter.find()) {
      counters.put(counter.group(1), Long.parseLong(counter.group(2)));
    }
    return new Held(
        threads(),
        counters.get("java.cls.loadedClasses") - counters.get("java.cls.unloadedClasses"),
        counters.get("sun.gc.metaspace.used"),
        resident());
  }

  private Map<String, Integer> threads() throws Exception {
    Map<String, Integer> threads = new TreeMap<>();
    for (String line : jcmd("Thread.print").split("\n")) {
      if (line.startsWith("\"")) {
        String name = line.substring(1, line.lastIndexOf('"')).replaceAll("[0-9]+", "#");
        threads.merge(name, 1, Integer::sum);
      }
    }
    return threads;
  }

  private long resident() throws IOException {
    String status = Files.readString(Path.of("/proc/" + cluster.pid("taskmanager-1") + "/status"));
    return 1024 * Long.parseLong(status.replaceAll("(?s).*VmRSS:\\s+(\\d+) kB.*", "$1"));
  }

  private String jcmd(String command) throws Exception {
    Path answer = Files.createTempFile(folder, "jcmd", ".out");
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(cluster.pid("taskmanager-1")), command)
            .redirectErrorStream(true)
            .redirectOutput(answer.toFile())
            .start();
    assertThat(process.waitFor()).as(command).isZero();
    return Files.readString(answer);
  }

  private long finished() {
    try {
      long finished = 0;
      for (JsonNode job : cluster.rest("/jobs").get("jobs")) {
        finished += job.get("status").asText().equals("FINISHED") ? 1 : 0;
      }
      return finished;
    } catch (IOException e) {
      return -1;
    }
  }
}
