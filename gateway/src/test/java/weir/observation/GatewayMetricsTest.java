package weir.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.observation.Observations.CANDIDATE;
import static weir.observation.Observations.STABLE;
import static weir.observation.Observations.answered;
import static weir.observation.Observations.refused;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Variant;
import weir.routing.ModelRoute;
import weir.routing.RoutePlan;
import weir.routing.RoutingPolicy;
import weir.routing.Share;
import weir.routing.Stickiness;

class GatewayMetricsTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  private final GatewayMetrics metrics = GatewayMetrics.create("0.1.0", InstantSource.fixed(NOW));

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void prepare_variant_exportsEverySeriesFromZero() {
    metrics.prepare(STABLE);

    Exposition scrape = scrape();

    assertThat(scrape.value("weir_requests_total", "fraud", "ok", "cache", "1")).isZero();
    assertThat(scrape.value("weir_requests_total", "fraud", "backend", "none", "1")).isZero();
    assertThat(scrape.value("weir_assignments_total", "bandit", "fraud", "1")).isZero();
    assertThat(scrape.value("weir_refusals_total", "fraud", "overloaded")).isZero();
    assertThat(scrape.value("weir_refusals_total", "", "malformed")).isZero();
    assertThat(scrape.value("weir_request_duration_seconds_count", "fraud", "1")).isZero();
    assertThat(scrape.value("weir_cache_requests_total", "fraud", "coalesced", "1")).isZero();
    assertThat(scrape.value("weir_cache_bytes", "fraud", "1")).isZero();
    assertThat(scrape.value("weir_backend_up", "fraud", "1")).isZero();
    assertThat(scrape.value("weir_backend_attempts_total", "fraud", "timeout", "1")).isZero();
    assertThat(scrape.value("weir_split_weight", "fraud", "1")).isZero();
  }

  @Test
  void observe_answerOfModel_dividesTimeBetweenModelAndOverhead() {
    metrics.prepare(STABLE);

    metrics.observe(answered(STABLE, Source.MODEL, 3_000_000, 2_000_000));

    Exposition scrape = scrape();
    assertThat(scrape.value("weir_requests_total", "fraud", "ok", "model", "1")).isEqualTo(1);
    assertThat(scrape.value("weir_assignments_total", "split", "fraud", "1")).isEqualTo(1);
    assertThat(scrape.value("weir_request_duration_seconds_sum", "fraud", "1")).isEqualTo(0.003);
    assertThat(scrape.value("weir_model_duration_seconds_sum", "fraud", "1")).isEqualTo(0.002);
    assertThat(scrape.value("weir_overhead_seconds_sum", "fraud", "1")).isEqualTo(0.001);
  }

  @Test
  void observe_durationOnABound_isInTheBucketBelow() {
    metrics.prepare(STABLE);

    metrics.observe(answered(STABLE, Source.MODEL, 2_500_000, 0));
    metrics.observe(answered(STABLE, Source.MODEL, 2_500_001, 0));
    metrics.observe(answered(STABLE, Source.MODEL, 60_000_000_000L, 0));

    Exposition scrape = scrape();
    assertThat(bucket(scrape, "0.001")).isZero();
    assertThat(bucket(scrape, "0.0025")).isEqualTo(1);
    assertThat(bucket(scrape, "0.005")).isEqualTo(2);
    assertThat(bucket(scrape, "10.0")).isEqualTo(2);
    assertThat(bucket(scrape, "+Inf")).isEqualTo(3);
  }

  @Test
  void observe_answerOfCache_isNoModelTime() {
    metrics.prepare(STABLE);

    metrics.observe(answered(STABLE, Source.CACHE, 50_000, 0));
    metrics.observe(answered(STABLE, Source.COALESCED, 2_000_000, 0));

    Exposition scrape = scrape();
    assertThat(scrape.value("weir_requests_total", "fraud", "ok", "cache", "1")).isEqualTo(1);
    assertThat(scrape.value("weir_requests_total", "fraud", "ok", "coalesced", "1")).isEqualTo(1);
    assertThat(scrape.value("weir_request_duration_seconds_count", "fraud", "1")).isEqualTo(2);
    assertThat(scrape.value("weir_model_duration_seconds_count", "fraud", "1")).isZero();
    assertThat(scrape.value("weir_overhead_seconds_count", "fraud", "1")).isZero();
  }

  @Test
  void observe_refusal_countsBlameAndReason() {
    metrics.prepare(STABLE);

    metrics.observe(refused(STABLE, Reason.OVERLOADED, 20_000));
    metrics.observe(refused(STABLE, Reason.BACKEND_TIMEOUT, 20_000));

    Exposition scrape = scrape();
    assertThat(scrape.value("weir_requests_total", "fraud", "capacity", "none", "1")).isEqualTo(1);
    assertThat(scrape.value("weir_requests_total", "fraud", "backend", "none", "1")).isEqualTo(1);
    assertThat(scrape.value("weir_refusals_total", "fraud", "overloaded")).isEqualTo(1);
    assertThat(scrape.value("weir_refusals_total", "fraud", "backend_timeout")).isEqualTo(1);
  }

  @Test
  void refused_unknownModel_countsWithoutItsName() {
    metrics.prepare(STABLE);

    metrics.refused("fraud", Reason.TOO_LARGE);
    metrics.refused("made-up", Reason.UNKNOWN_MODEL);
    metrics.refused("", Reason.UNKNOWN_MODEL);

    Exposition scrape = scrape();
    assertThat(scrape.value("weir_refusals_total", "fraud", "too_large")).isEqualTo(1);
    assertThat(scrape.value("weir_refusals_total", "", "unknown_model")).isEqualTo(2);
  }

  @Test
  void forget_variant_removesItsSeriesAndKeepsTheOthers() {
    metrics.prepare(STABLE);
    metrics.prepare(CANDIDATE);
    metrics.observe(answered(STABLE, Source.MODEL, 3, 2));

    metrics.forget(CANDIDATE);
    metrics.observe(answered(CANDIDATE, Source.MODEL, 3, 2));

    Exposition scrape = scrape();
    assertThat(scrape.samples()).noneMatch(sample -> "2".equals(sample.labels().get("variant")));
    assertThat(scrape.value("weir_requests_total", "fraud", "ok", "model", "1")).isEqualTo(1);
    assertThat(scrape.value("weir_refusals_total", "fraud", "internal")).isZero();
  }

  @Test
  void forget_lastVariantOfModel_removesTheModel() {
    metrics.prepare(STABLE);

    metrics.forget(STABLE);

    assertThat(scrape().samples())
        .noneMatch(sample -> "fraud".equals(sample.labels().get("model")));
  }

  @Test
  void showPlan_split_showsNormalisedWeightsAndZeroForTheRest() {
    metrics.prepare(STABLE);
    metrics.prepare(CANDIDATE);
    metrics.prepare(new Variant("fraud", "3"));

    metrics.showPlan(plan(5, new RoutingPolicy.Split(List.of(share("1", 3), share("2", 1)))));

    Exposition scrape = scrape();
    assertThat(scrape.value("weir_split_weight", "fraud", "1")).isEqualTo(0.75);
    assertThat(scrape.value("weir_split_weight", "fraud", "2")).isEqualTo(0.25);
    assertThat(scrape.value("weir_split_weight", "fraud", "3")).isZero();
    assertThat(scrape.value("weir_plan_generation")).isEqualTo(5);
  }

  @Test
  void showPlan_variantThatLeft_goesToZeroOrAway() {
    metrics.prepare(STABLE);
    metrics.showPlan(plan(5, new RoutingPolicy.Split(List.of(share("1", 1), share("2", 1)))));

    metrics.showPlan(new RoutePlan(6, Map.of()));

    Exposition scrape = scrape();
    assertThat(scrape.value("weir_split_weight", "fraud", "1")).isZero();
    assertThat(scrape.samples()).noneMatch(sample -> "2".equals(sample.labels().get("variant")));
  }

  @Test
  void showPlan_olderThanShown_changesNothing() {
    metrics.showPlan(plan(6, new RoutingPolicy.Fixed("2")));

    metrics.showPlan(plan(5, new RoutingPolicy.Fixed("1")));

    Exposition scrape = scrape();
    assertThat(scrape.value("weir_plan_generation")).isEqualTo(6);
    assertThat(scrape.value("weir_split_weight", "fraud", "2")).isEqualTo(1);
  }

  @Test
  void ended_afterBegan_leavesNothingInFlight() {
    metrics.began();
    metrics.began();
    metrics.ended();

    assertThat(scrape().value("weir_in_flight")).isEqualTo(1);
  }

  @Test
  void cache_storedEvictedRemoved_keepsTheSizeOfWhatIsIn() {
    CacheMeters cache = metrics.cache(STABLE);

    cache.stored(100);
    cache.stored(50);
    cache.stored(7);
    cache.evicted(50);
    cache.removed(7);
    cache.hit();
    cache.coalesced();

    Exposition scrape = scrape();
    assertThat(scrape.value("weir_cache_bytes", "fraud", "1")).isEqualTo(100);
    assertThat(scrape.value("weir_cache_evictions_total", "fraud", "1")).isEqualTo(1);
    assertThat(scrape.value("weir_cache_requests_total", "fraud", "hit", "1")).isEqualTo(1);
    assertThat(scrape.value("weir_cache_requests_total", "fraud", "coalesced", "1")).isEqualTo(1);
  }

  @Test
  void statistics_mixedTraffic_keepsModelApartFromCacheAndFailure() {
    BackendMeters backend = metrics.backend(STABLE);
    CacheMeters cache = metrics.cache(STABLE);
    cache.miss();
    backend.queued(400);

    metrics.observe(answered(STABLE, Source.MODEL, 3000, 2000));
    metrics.observe(answered(STABLE, Source.CACHE, 500, 0));
    metrics.observe(refused(STABLE, Reason.INTERNAL, 70));

    assertThat(metrics.statistics(STABLE))
        .usingRecursiveComparison()
        .ignoringFields("traffic")
        .isEqualTo(
            new VariantStatistics(
                NOW.toEpochMilli(),
                1,
                1,
                new VariantStatistics.Total(2, 3500),
                new VariantStatistics.Total(1, 70),
                new VariantStatistics.Total(1, 400),
                new VariantStatistics.Total(1, 2000),
                new VariantStatistics.Total(1, 500),
                new VariantStatistics.Total(1, 0),
                VariantTraffic.NONE));
    assertThat(metrics.statistics(CANDIDATE)).isEqualTo(VariantStatistics.NONE);
  }

  private Exposition scrape() {
    return Exposition.of(metrics.scrape("").body());
  }

  private static double bucket(Exposition scrape, String le) {
    return scrape.value("weir_request_duration_seconds_bucket", "fraud", "1", le);
  }

  private static RoutePlan plan(long generation, RoutingPolicy policy) {
    ModelRoute route = new ModelRoute("salt", new Stickiness.None(), List.of(), policy);
    return new RoutePlan(generation, Map.of("fraud", route));
  }

  private static Share share(String version, double weight) {
    return new Share(version, weight);
  }
}
