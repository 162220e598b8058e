package weir.observation;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import weir.inference.Reason;
import weir.inference.Variant;
import weir.routing.ModelRoute;
import weir.routing.RoutePlan;

/**
 * The gateway's metrics: told what happens, scraped by Prometheus. Safe on any thread.
 *
 * <p>Micrometer's registry holds the JVM's and the process's meters and writes the scrape. Weir's
 * own metrics are families of the Prometheus client in that same registry: Micrometer would add a
 * {@code _max} series to each duration and would take exemplars from the thread that records, where
 * here the observation itself carries the sampled trace. {@link #observe} costs one map lookup
 * beside the increments.
 */
public final class GatewayMetrics implements Observer, AutoCloseable {
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** The model label of requests whose model is not configured. */
  private static final String NO_MODEL = "";

  private final PrometheusMeterRegistry registry;
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Families families;
  private final VariantFamilies variantFamilies;
  private final DriftMeters drift;
  private final JournalMeters journal;
  private final FeedbackMeters feedback;
  private final NoticeMeters notices;
  private final RolloutMeters rollout;
  private final RemoteFamilies remotes;
  private final ShadowMeters shadow;
  private final AccessMeters access;
  private final Counter refusals;
  private final Counter cuts;
  private final Counter dropped;
  private final InstantSource clock;
  private final ReentrantLock changing = new ReentrantLock();
  private final Map<Variant, VariantMeters> variants = new ConcurrentHashMap<>();
  private final Map<String, EnumCounters<Reason>> refusalsByModel = new ConcurrentHashMap<>();
  private final EnumCounters<Reason> refusalsOfNoModel;
  private final LongAdder inFlight = new LongAdder();
  private volatile RoutePlan plan = new RoutePlan(0, Map.of());

  private GatewayMetrics(String version, InstantSource clock) {
    this.clock = clock;
    registry =
        new PrometheusMeterRegistry(new BucketExemplars(), new PrometheusRegistry(), Clock.SYSTEM);
    families = new Families(registry.getPrometheusRegistry(), clock);
    variantFamilies = new VariantFamilies(families);
    drift = new DriftMeters(families);
    journal = new JournalMeters(families);
    feedback = new FeedbackMeters(families);
    notices = new NoticeMeters(families);
    rollout = new RolloutMeters(families);
    remotes = new RemoteFamilies(families);
    shadow = new ShadowMeters(families);
    refusals = families.counter(Metric.REFUSALS);
    cuts = families.counter(Metric.CLIENTS_CUT);
    dropped = families.counter(Metric.OBSERVATIONS_DROPPED);
    refusalsOfNoModel = refusalsOf(NO_MODEL);
    access = new AccessMeters(families, this::refused);
    families.info(Metric.BUILD_INFO, version, Runtime.version().toString());
    families.gauge(Metric.IN_FLIGHT, gauge -> gauge.call((double) inFlight.sum()));
    families.gauge(Metric.PLAN_GENERATION, gauge -> gauge.call((double) plan.generation()));
    families.gauge(Metric.SPLIT_WEIGHT, this::splitWeights);
    families.gauge(Metric.BACKEND_IN_FLIGHT, gauge -> backends(gauge, BackendMeters::inFlight));
    families.gauge(
        Metric.BACKEND_CONCURRENCY_LIMIT, gauge -> backends(gauge, BackendMeters::limit));
    bindProcess();
  }

  /** Metrics of a build of that version, with no variant yet; {@code clock} dates inferences. */
  public static GatewayMetrics create(String version, InstantSource clock) {
    return new GatewayMetrics(version, clock);
  }

  /** Exports every series of {@code variant} from 0; again, nothing. */
  public void prepare(Variant variant) {
    prepared(variant);
  }

  /** Removes every series of {@code variant}, and its model's when it was the last of the model. */
  public void forget(Variant variant) {
    changing.lock();
    try {
      variants.remove(variant);
      remotes.remove(variant);
      families.remove(variant);
      String model = variant.model();
      if (variants.keySet().stream().noneMatch(other -> other.model().equals(model))) {
        refusalsByModel.remove(model);
        refusals.removeIf(values -> values.getFirst().equals(model));
      }
    } finally {
      changing.unlock();
    }
  }

  /** Counts an observation of a prepared variant; of any other it is too late, and nothing is. */
  @Override
  public void observe(Observation observation) {
    @Nullable VariantMeters meters = variants.get(observation.variant());
    if (meters != null) {
      meters.observe(observation);
    }
  }

  /** A request that {@code variant} failed was asked of the stable one, which answered or not. */
  public void fellBack(Variant variant, boolean ok) {
    @Nullable VariantMeters meters = variants.get(variant);
    if (meters != null) {
      meters.fellBack(ok);
    }
  }

  /** Counts a request refused before it was assigned; a model without variants counts as "". */
  public void refused(String model, Reason reason) {
    refusalsByModel.getOrDefault(model, refusalsOfNoModel).increment(reason);
  }

  /** A request has begun; {@link #ended()} follows whatever happens. */
  public void began() {
    inFlight.increment();
  }

  public void ended() {
    inFlight.decrement();
  }

  /** Shows the weights and the generation of {@code next}; an older plan than the shown is not. */
  public void showPlan(RoutePlan next) {
    changing.lock();
    try {
      if (next.generation() >= plan.generation()) {
        plan = next;
      }
    } finally {
      changing.unlock();
    }
  }

  /** The meters for the cache of {@code variant}, which this prepares. */
  public CacheMeters cache(Variant variant) {
    return prepared(variant).cache();
  }

  /** The meters for the backend of {@code variant}, which this prepares. */
  public BackendMeters backend(Variant variant) {
    return prepared(variant).backend();
  }

  /** The meters for {@code variant}, which this prepares, when it computes elsewhere. */
  public RemoteMeters remote(Variant variant) {
    return remotes.of(variant, prepared(variant).backend());
  }

  public DriftMeters drift() {
    return drift;
  }

  public FeedbackMeters feedback() {
    return feedback;
  }

  public JournalMeters journal() {
    return journal;
  }

  public NoticeMeters notices() {
    return notices;
  }

  /** The metrics of rollouts and experiments, of every model. */
  public RolloutMeters rollout() {
    return rollout;
  }

  public ShadowMeters shadow() {
    return shadow;
  }

  public AccessMeters access() {
    return access;
  }

  /** The metric of the clients of one door, from 0. */
  public DoorMeters door(String name) {
    return new DoorMeters(cuts, name);
  }

  /** The totals of {@code variant} since it was prepared. */
  public VariantStatistics statistics(Variant variant) {
    @Nullable VariantMeters meters = variants.get(variant);
    return meters == null ? VariantStatistics.NONE : meters.statistics();
  }

  /** The counter, from 0, of what {@code sink} did not take. */
  public LongConsumer dropCounter(String sink) {
    CounterDataPoint counter = dropped.labelValues(sink);
    return counter::inc;
  }

  /** All metrics: OpenMetrics with exemplars when {@code acceptHeader} has it, else text 0.0.4. */
  public Scrape scrape(String acceptHeader) {
    String contentType =
        acceptHeader.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
    return new Scrape(contentType, registry.scrape(contentType));
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private VariantMeters prepared(Variant variant) {
    @Nullable VariantMeters known = variants.get(variant);
    if (known != null) {
      return known;
    }
    changing.lock();
    try {
      EnumCounters<Reason> ofModel =
          refusalsByModel.computeIfAbsent(variant.model(), this::refusalsOf);
      return variants.computeIfAbsent(
          variant, added -> new VariantMeters(added, variantFamilies, ofModel, clock));
    } finally {
      changing.unlock();
    }
  }

  private EnumCounters<Reason> refusalsOf(String model) {
    return new EnumCounters<>(Reason.class, reason -> refusals.labelValues(model, reason.label()));
  }

  /** The weights of the shown plan, and 0 for a prepared variant that is not in it. */
  private void splitWeights(GaugeWithCallback.Callback gauge) {
    RoutePlan shown = plan;
    Set<Variant> named = new HashSet<>(variants.keySet());
    shown
        .models()
        .forEach((model, route) ->
            route.versions().forEach(version -> named.add(new Variant(model, version))));
    for (Variant variant : named) {
      @Nullable ModelRoute route = shown.models().get(variant.model());
      double weight = route == null ? 0 : route.policy().probability(variant.version());
      gauge.call(weight, variant.model(), variant.version());
    }
  }

  private void backends(GaugeWithCallback.Callback gauge, ToIntFunction<BackendMeters> number) {
    variants.forEach((variant, meters) ->
        gauge.call(number.applyAsInt(meters.backend()), variant.model(), variant.version()));
  }

  private void bindProcess() {
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
  }
}
