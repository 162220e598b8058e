package weir.observation;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Keeps exemplars on buckets only: Prometheus 2 refuses a whole scrape for one on a count. */
final class BucketExemplars implements PrometheusConfig {
  @Override
  public @Nullable String get(String key) {
    return null;
  }

  @Override
  public Properties prometheusProperties() {
    Properties properties = new Properties();
    properties.setProperty("io.prometheus.exporter.exemplars_on_all_metric_types", "false");
    return properties;
  }
}
