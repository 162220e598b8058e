package weir.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MetricsPageTest {
  private static final String PAGE =
      """
      # HELP weir_cache_requests_total Requests that asked the cache.
      # TYPE weir_cache_requests_total counter
      weir_cache_requests_total{model="diamond-price",result="coalesced",variant="1"} 2.0
      weir_cache_requests_total{model="diamond-price",result="hit",variant="1"} 1200.0
      weir_cache_requests_total{model="diamond-price",result="hit",variant="2"} 30.0 1730000000000
      weir_cache_requests_total{model="diamond-price",result="miss",variant="1"} 4.0E3
      weir_cache_requests_total{model="plain-30",result="hit",variant="1"} 77.0
      weir_requests_total{model="diamond-price",outcome="ok",source="cache",variant="1"} 1230
      weir_requests_total{model="diamond-price",outcome="ok",source="coalesced",variant="1"} 2
      weir_requests_total{model="diamond-price",outcome="ok",source="model",variant="1"} 3990
      weir_requests_total{model="diamond-price",outcome="backend",source="none",variant="1"} 10
      weir_requests_total_other{model="diamond-price",source="model"} 5
      """;

  @Test
  void cache_pageOfSeveralModels_sumsOneModelOverItsVersions() {
    assertThat(new MetricsPage(PAGE).cache("diamond-price"))
        .isEqualTo(new CacheCounts(true, 5_232, 1_230, 3_990, 1_232));
  }

  @Test
  void cache_pageWithoutTheModel_readButEmpty() {
    assertThat(new MetricsPage(PAGE + "weir_requests_total{} x\n").cache("none"))
        .isEqualTo(new CacheCounts(true, 0, 0, 0, 0));
  }

  @Test
  void since_earlierCounts_theDifference() {
    CacheCounts now = new CacheCounts(true, 100, 40, 58, 42);

    assertThat(now.since(new CacheCounts(true, 10, 4, 6, 4)))
        .isEqualTo(new CacheCounts(true, 90, 36, 52, 38));
    assertThat(now.hitShare()).isEqualTo(0.4);
    assertThat(CacheCounts.UNREAD.hitShare()).isZero();
  }
}
