package weir.demo;

import java.io.IOException;
import java.time.Duration;

/**
 * Reads the gateway's cache counts, relative to the first reading, onto the scoreboard. One thread
 * at a time.
 */
final class CacheWatch {
  private final GatewayClient client;
  private final String model;
  private final Scoreboard scoreboard;
  private CacheCounts first = CacheCounts.UNREAD;

  CacheWatch(GatewayClient client, String model, Scoreboard scoreboard) {
    this.client = client;
    this.model = model;
    this.scoreboard = scoreboard;
  }

  /** Looks again and again until the thread is interrupted. */
  void watch(Duration every) {
    try {
      while (true) {
        Thread.sleep(every);
        read();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks once. */
  void look() {
    try {
      read();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() throws InterruptedException {
    try {
      CacheCounts now = new MetricsPage(client.metrics()).cache(model);
      first = first.read() ? first : now;
      scoreboard.cache(now.since(first));
    } catch (IOException e) {
      scoreboard.cache(CacheCounts.UNREAD);
    }
  }
}
