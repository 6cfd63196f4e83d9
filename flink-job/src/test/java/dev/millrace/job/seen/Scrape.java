package dev.millrace.job.seen;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Prometheus reporter answers, in the text format 0.0.4.
 *
 * <pre>{@code
 * Scrape scrape = Scrape.of(jobManagersReporter, taskManagersReporter);
 * assertThat(MetricsPage.read(root).differences(scrape, "dqn", true)).isEmpty();
 * }</pre>
 */
public final class Scrape {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][\\w:]*)(\\{.*})? (\\S+)( -?\\d+)?");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Map<String, String> types = new TreeMap<>();
  private final Map<String, List<Double>> values = new TreeMap<>();

  private Scrape() {}

  /** Asks all of {@code reporters}; what several have counts as one. */
  public static Scrape of(URI... reporters) throws IOException, InterruptedException {
    Scrape scrape = new Scrape();
    for (URI reporter : reporters) {
      HttpResponse<String> response = ask(reporter);
      if (response.statusCode() != 200) {
        throw new IOException(reporter + " answered " + response.statusCode());
      }
      response.body().lines().forEach(scrape::read);
    }
    return scrape;
  }

  /** Asks twice where a connection that was kept open has been closed at the other end. */
  private static HttpResponse<String> ask(URI reporter) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(reporter).timeout(PATIENCE).build();
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException closed) {
      return HTTP.send(request, BodyHandlers.ofString());
    }
  }

  private void read(String line) {
    if (line.startsWith("# TYPE ")) {
      String[] words = line.split(" ");
      types.put(words[2], words[3]);
    } else if (!line.startsWith("#") && !line.isBlank()) {
      Matcher sample = SAMPLE.matcher(line);
      if (!sample.matches()) {
        throw new IllegalArgumentException("not a sample: " + line);
      }
      values
          .computeIfAbsent(sample.group(1), name -> new ArrayList<>())
          .add(Double.valueOf(sample.group(3).replace("Inf", "Infinity")));
    }
  }

  /** Names of all metrics that have at least one sample. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(types.keySet());
    names.removeIf(name -> !values.containsKey(name));
    return names;
  }

  /** Names of Millrace's. */
  public Set<String> millraces() {
    Set<String> names = names();
    names.removeIf(name -> !MetricsPage.isMillraces(name));
    return names;
  }

  /** Names of metrics of which some sample is a number. */
  public Set<String> known() {
    Set<String> names = names();
    names.removeIf(name -> values.get(name).stream().allMatch(value -> value.isNaN()));
    return names;
  }

  /** {@code gauge} or {@code summary}, of a metric that was there. */
  public String type(String name) {
    return types.get(name);
  }
}
