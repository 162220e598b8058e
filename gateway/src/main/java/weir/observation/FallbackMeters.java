package weir.observation;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;

/** What became of the requests that one variant failed and the stable one was asked for. */
record FallbackMeters(CounterDataPoint answered, CounterDataPoint failed) {
  void count(boolean ok) {
    (ok ? answered : failed).inc();
  }
}
