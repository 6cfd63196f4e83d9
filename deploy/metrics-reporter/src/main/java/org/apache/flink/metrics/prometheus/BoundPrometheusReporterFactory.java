package org.apache.flink.metrics.prometheus;

import java.util.Properties;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.apache.flink.util.NetUtils;

/**
 * Makes a {@link BoundPrometheusReporter} from {@code metrics.reporter.NAME.host} (default
 * 127.0.0.1) and {@code metrics.reporter.NAME.port} (one, or a range such as 9250-9269 of which the
 * first free one is taken; default 9249, as Flink's reporter has it).
 */
public final class BoundPrometheusReporterFactory implements MetricReporterFactory {
  @Override
  public BoundPrometheusReporter createMetricReporter(Properties properties) {
    MetricConfig config = (MetricConfig) properties;
    return new BoundPrometheusReporter(
        config.getString("host", "127.0.0.1"),
        NetUtils.getPortRangeFromString(config.getString("port", "9249")));
  }
}
