package weir.observation;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import weir.inference.Headers;

/**
 * The traces of requests: which are sampled, and where their spans go.
 *
 * <p>A caller's W3C context decides whether its request is sampled; without one, a draw does. Only
 * a sampled request meets OpenTelemetry's SDK; another one costs the parsing of a header. The span
 * of a thread's request is found again by {@link #stage}, {@link #call} and {@link #propagate}, so
 * that a backend needs no span handed to it.
 */
public final class Tracing implements AutoCloseable {
  static final TextMapSetter<BiConsumer<String, String>> INTO =
      (header, name, value) -> {
        if (header != null) {
          header.accept(name, value);
        }
      };

  private static final TextMapGetter<Headers> FROM =
      new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable Headers headers, String name) {
          String value = headers == null ? "" : headers.first(name);
          return value.isEmpty() ? null : value;
        }
      };

  /** The exporter's own log, which would tell each failure beside {@link SpanQueue}. */
  private static final Logger EXPORTER_LOG =
      Logger.getLogger("io.opentelemetry.exporter.otlp.internal.HttpExporter");

  private static final int ATTRIBUTE_LENGTH_MAX = 256;

  private static final long CLOSE_SECONDS = 2;

  private final TracingSettings settings;
  private final Supplier<? extends RandomGenerator> random;
  private final TracerProvider provider;
  private final Tracer tracer;

  @SuppressWarnings("ThreadLocalUsage") // one per instance, of which a gateway has one
  private final ThreadLocal<@Nullable RequestSpan> current = new ThreadLocal<>();

  private Tracing(
      TracingSettings settings,
      TracerProvider provider,
      Supplier<? extends RandomGenerator> random) {
    this.settings = settings;
    this.provider = provider;
    this.tracer = provider.get("weir");
    this.random = random;
  }

  /** Tracing of a build of that version; spans that do not reach the collector are counted. */
  public static Tracing create(TracingSettings settings, String version, GatewayMetrics metrics) {
    return create(settings, version, metrics.dropCounter("traces"), ThreadLocalRandom::current);
  }

  static Tracing create(
      TracingSettings settings,
      String version,
      LongConsumer dropped,
      Supplier<? extends RandomGenerator> random) {
    TracerProvider provider =
        settings
            .endpoint()
            .map(endpoint -> exporting(endpoint, settings, version, dropped))
            .orElse(TracerProvider.noop());
    return new Tracing(settings, provider, random);
  }

  private static TracerProvider exporting(
      URI endpoint, TracingSettings settings, String version, LongConsumer dropped) {
    EXPORTER_LOG.setLevel(Level.OFF);
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.toString())
            .setTimeout(settings.exportTimeout())
            .setConnectTimeout(settings.exportTimeout())
            .build();
    Attributes service =
        Attributes.of(
            AttributeKey.stringKey("service.name"),
            settings.serviceName(),
            AttributeKey.stringKey("service.version"),
            version);
    return SdkTracerProvider.builder()
        .setSampler(Sampler.alwaysOn()) // the choice is made before a span is
        .setResource(Resource.getDefault().merge(Resource.create(service)))
        .setSpanLimits(
            SpanLimits.builder().setMaxAttributeValueLength(ATTRIBUTE_LENGTH_MAX).build())
        .addSpanProcessor(new SpanQueue(exporter, settings, dropped).start())
        .build();
  }

  /** Begins the trace of a request on this thread, until its {@link RequestSpan#close()}. */
  public RequestSpan begin(Headers headers, String name) {
    TraceContext caller = TraceContext.of(headers);
    RequestSpan span =
        sampled(caller)
            ? new SampledSpan(this, tracer, callerOf(headers), name)
            : new UnsampledSpan(this, caller);
    current.set(span);
    return span;
  }

  /** A stage of this thread's request; one that records nothing when there is none. */
  public Stage stage(String name) {
    @Nullable RequestSpan span = current.get();
    return span == null ? Stage.NONE : span.stage(name);
  }

  /** A stage of this thread's request that calls another service. */
  public Stage call(String name) {
    @Nullable RequestSpan span = current.get();
    return span == null ? Stage.NONE : span.call(name);
  }

  /** Hands {@code header} the W3C headers for a call made by this thread's request. */
  public void propagate(BiConsumer<String, String> header) {
    @Nullable RequestSpan span = current.get();
    if (span != null) {
      span.propagate(header);
    }
  }

  /** The id of this thread's trace; empty unless it is sampled. */
  public String traceId() {
    @Nullable RequestSpan span = current.get();
    return span == null ? "" : span.traceId();
  }

  /** Sends what is queued, within two seconds or the export timeout, whichever is shorter. */
  @Override
  public void close() {
    if (provider instanceof SdkTracerProvider exporting) {
      exporting.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
  }

  TraceContext freshContext() {
    return TraceContext.fresh(random.get());
  }

  void leave(RequestSpan span) {
    if (current.get() == span) {
      current.remove();
    }
  }

  private boolean sampled(TraceContext caller) {
    if (settings.endpoint().isEmpty()) {
      return false;
    }
    return caller.present()
        ? caller.sampled()
        : random.get().nextDouble() < settings.samplingRatio();
  }

  private static Context callerOf(Headers headers) {
    return W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, FROM);
  }
}
