package weir.demo;

/**
 * What the gateway's metrics say of one model's cache, over all its versions.
 *
 * @param read whether the metrics could be read; when not, all counts are 0
 * @param asked requests that asked the cache
 * @param byModel requests that a model answered
 * @param byCache requests answered without a model: stored, or shared with one under way
 */
record CacheCounts(boolean read, long asked, long hits, long byModel, long byCache) {
  static final CacheCounts UNREAD = new CacheCounts(false, 0, 0, 0, 0);

  CacheCounts since(CacheCounts start) {
    return new CacheCounts(
        read,
        asked - start.asked,
        hits - start.hits,
        byModel - start.byModel,
        byCache - start.byCache);
  }

  double hitShare() {
    return asked == 0 ? 0 : (double) hits / asked;
  }
}
