package weir.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Tensor;
import weir.inference.Variant;
import weir.observation.GatewayMetrics;
import weir.observation.Tracing;
import weir.observation.TracingSettings;

class CachingBackendTest {
  private final AtomicInteger computed = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final GatewayMetrics metrics = GatewayMetrics.create("test", InstantSource.system());

  private CachingBackend caching(Backend next, long maxSizeBytes) {
    return new CachingBackend(
        next,
        new CacheSettings(maxSizeBytes, Duration.ofSeconds(10)),
        metrics.cache(new Variant("m", "1")),
        Tracing.create(TracingSettings.defaults(), "test", metrics),
        nanos::get);
  }

  private InferenceResult echo(InferenceRequest request) {
    computed.incrementAndGet();
    return new Answered(request.inputs(), Source.MODEL, 7);
  }

  private String scraped(String line) {
    return metrics
        .scrape("")
        .body()
        .lines()
        .filter(each -> each.startsWith(line))
        .findFirst()
        .orElse("absent");
  }

  private static Source source(InferenceResult result) {
    return ((Answered) result).source();
  }

  @Test
  void infer_equalRequests_computeOnceWhateverTheirIds() {
    CachingBackend caching = caching(this::echo, 1 << 20);
    List<Tensor> inputs = List.of(Requests.floats(1, 2));

    InferenceResult first = caching.infer(Requests.of("a", inputs, Map.of()));
    InferenceResult second = caching.infer(Requests.of("b", inputs, Map.of()));

    assertThat(source(first)).isEqualTo(Source.MODEL);
    assertThat(source(second)).isEqualTo(Source.CACHE);
    assertThat(((Answered) second).modelNanos()).isZero();
    assertThat(computed).hasValue(1);
    assertThat(scraped("weir_cache_requests_total{model=\"m\",result=\"hit\",variant=\"1\"}"))
        .endsWith(" 1.0");
  }

  @Test
  void infer_anyDifference_computesAgain() {
    CachingBackend caching = caching(this::echo, 1 << 20);
    caching.infer(Requests.of("", List.of(Requests.floats(1, 2)), Map.of()));

    caching.infer(Requests.of("", List.of(Requests.floats(1, 3)), Map.of()));
    caching.infer(Requests.of("", List.of(Requests.floats(1, 2)), Map.of("p", 1L)));
    caching.infer(Requests.of("", List.of(Requests.floats(1, 2)), Map.of("p", "1")));
    caching.infer(Requests.of("", List.of(Requests.floats(1), Requests.floats(2)), Map.of()));

    assertThat(computed).hasValue(5);
  }

  @Test
  void infer_afterTheTtl_computesAgain() {
    CachingBackend caching = caching(this::echo, 1 << 20);
    caching.infer(Requests.of(Requests.floats(1)));

    nanos.addAndGet(Duration.ofSeconds(11).toNanos());

    assertThat(source(caching.infer(Requests.of(Requests.floats(1))))).isEqualTo(Source.MODEL);
  }

  @Test
  void infer_refusal_isNotKept() {
    CachingBackend caching =
        caching(
            request -> {
              computed.incrementAndGet();
              return new Rejected(Reason.BACKEND_FAILED, "broken");
            },
            1 << 20);

    caching.infer(Requests.of(Requests.floats(1)));
    caching.infer(Requests.of(Requests.floats(1)));

    assertThat(computed).hasValue(2);
  }

  @Test
  void infer_moreThanFits_evictsAndStaysInItsBytes() {
    CachingBackend caching = caching(this::echo, 10_000);
    for (int i = 0; i < 1_000; i++) {
      caching.infer(Requests.of(Requests.floats(i)));
    }

    String bytes = scraped("weir_cache_bytes{model=\"m\",variant=\"1\"}");
    assertThat(Double.parseDouble(bytes.substring(bytes.lastIndexOf(' '))))
        .isBetween(1.0, 10_000.0);
    assertThat(scraped("weir_cache_evictions_total")).doesNotEndWith(" 0.0");
  }

  @Test
  void infer_hundredAtOnce_computeOnce() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    CachingBackend caching =
        caching(
            request -> {
              started.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return echo(request);
            },
            1 << 20);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<InferenceResult>> results = new ArrayList<>();
      results.add(threads.submit(() -> caching.infer(Requests.of(Requests.floats(1)))));
      started.await();
      CountDownLatch asked = new CountDownLatch(99);
      for (int i = 0; i < 99; i++) {
        results.add(
            threads.submit(() -> {
              asked.countDown();
              return caching.infer(Requests.of(Requests.floats(1)));
            }));
      }
      asked.await();
      release.countDown();
      for (Future<InferenceResult> result : results) {
        assertThat(((Answered) result.get()).outputs().getFirst().data().getFloat(0)).isEqualTo(1f);
      }
    }
    assertThat(computed).hasValue(1);
  }

  @Test
  void infer_waitingPastItsDeadline_isATimeout() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    CachingBackend caching =
        caching(
            request -> {
              started.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return echo(request);
            },
            1 << 20);
    Thread first = Thread.ofVirtual().start(() -> caching.infer(Requests.due(Long.MAX_VALUE / 2)));
    started.await();

    Rejected rejected = (Rejected) caching.infer(Requests.due(System.nanoTime() + 1_000_000));

    assertThat(rejected.reason()).isEqualTo(Reason.BACKEND_TIMEOUT);
    release.countDown();
    first.join();
  }
}
