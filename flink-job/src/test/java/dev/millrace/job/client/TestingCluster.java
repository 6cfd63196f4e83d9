package dev.millrace.job.client;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** What a cluster's REST interface answers who wants to know what it is. */
final class TestingCluster implements AutoCloseable {
  private final HttpServer server;
  final AtomicInteger asked = new AtomicInteger();

  private TestingCluster() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  static TestingCluster of(String version, int slots, String configured) throws IOException {
    TestingCluster cluster = new TestingCluster();
    cluster.answer(
        "/",
        404,
        """
        {"errors": ["Not found."]}""");
    cluster.answer(
        "/v1/overview",
        200,
        """
        {"taskmanagers": 1, "slots-total": %d, "slots-available": %d, "jobs-running": 0,
         "jobs-finished": 0, "jobs-cancelled": 0, "jobs-failed": 0,
         "flink-version": "%s", "flink-commit": "unknown"}"""
            .formatted(slots, slots, version));
    cluster.answer(
        "/v1/jobmanager/config",
        200,
        """
        [{"key": "%s", "value": "file:///shared"}]"""
            .formatted(configured));
    cluster.server.start();
    return cluster;
  }

  static TestingCluster somethingElse() throws IOException {
    TestingCluster other = new TestingCluster();
    other.answer("/", 200, "<html>It works!</html>");
    other.server.start();
    return other;
  }

  /** An address where nobody listens. */
  static URI nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(String path, int status, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          asked.incrementAndGet();
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, bytes.length);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
          }
        });
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
