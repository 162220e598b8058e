package weir.observation;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import weir.inference.Reason;

/** What is counted of callers: the first hundred by name, the rest as {@code other}. */
public final class AccessMeters {
  private static final int CALLERS_MAX = 100;
  private static final String OTHER = "other";

  private final Counter requests;
  private final CounterDataPoint other;
  private final BiConsumer<String, Reason> refusals;
  private final Map<String, CounterDataPoint> callers = new ConcurrentHashMap<>();
  private final AtomicInteger named = new AtomicInteger();

  AccessMeters(Families families, BiConsumer<String, Reason> refusals) {
    this.requests = families.counter(Metric.CALLER_REQUESTS);
    this.other = requests.labelValues(OTHER);
    this.refusals = refusals;
  }

  /** A request of this caller was let in. */
  public void admitted(String caller) {
    @Nullable CounterDataPoint known = callers.get(caller);
    (known == null ? added(caller) : known).inc();
  }

  private CounterDataPoint added(String caller) {
    if (named.get() >= CALLERS_MAX) {
      return other;
    }
    return callers.computeIfAbsent(
        caller, name -> named.incrementAndGet() > CALLERS_MAX ? other : requests.labelValues(name));
  }

  /** A request was not let in; a model that is not served counts as none. */
  public void refused(String model, Reason reason) {
    refusals.accept(model, reason);
  }
}
