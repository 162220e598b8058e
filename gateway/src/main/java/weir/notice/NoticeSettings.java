package weir.notice;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import weir.access.Destinations;

/**
 * Who is told what happens, and the bounds of the telling.
 *
 * <p>{@code keptMax} notices can be resumed from; {@code streamsMax} clients may listen at once,
 * each told every {@code keepAlive} that its stream lives. A webhook has {@code queueMax} notices
 * wait, and tries each {@code attemptsMax} times, each within {@code timeout}, {@code backoff}
 * after the first and twice as long after each further one. Webhooks are named, so that neither a
 * log nor a metric shows their addresses.
 */
public record NoticeSettings(
    int keptMax,
    int streamsMax,
    Duration keepAlive,
    int queueMax,
    Duration timeout,
    int attemptsMax,
    Duration backoff,
    Map<String, Webhook> webhooks) {
  /** The sink of the live streams in metrics, which no webhook may be called. */
  public static final String STREAM = "stream";

  private static final int WEBHOOKS_MAX = 16;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final Duration TIMEOUT_MAX = Duration.ofMinutes(1);

  /**
   * A place that notices are posted to.
   *
   * <p>{@code types} and {@code models} choose the notices; empty is all. {@code secretFile} holds
   * the secret that signs each post, and is read at the start.
   */
  public record Webhook(URI url, Set<String> types, Set<String> models, Optional<Path> secretFile) {
    public Webhook {
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (!http || url.getHost() == null || url.getRawUserInfo() != null) {
        throw new IllegalArgumentException(
            "url must be an http or https URL with a host and without a user");
      }
      Destinations.require("a webhook", url.getHost());
      types = Set.copyOf(types);
      models = Set.copyOf(models);
    }

    boolean wants(Notice notice) {
      return notice.own()
          && (types.isEmpty() || types.contains(notice.type()))
          && (models.isEmpty() || models.contains(notice.model()));
    }
  }

  public NoticeSettings {
    requireWithin("kept-max", keptMax, 100_000);
    requireWithin("streams-max", streamsMax, 1_000);
    requireDuration("keep-alive", keepAlive, Duration.ofMillis(10));
    requireWithin("queue-max", queueMax, 100_000);
    requireDuration("timeout", timeout, Duration.ofMillis(10));
    requireWithin("attempts-max", attemptsMax, 10);
    requireDuration("backoff", backoff, Duration.ofMillis(1));
    webhooks = Map.copyOf(webhooks);
    if (webhooks.size() > WEBHOOKS_MAX) {
      throw new IllegalArgumentException(
          "webhooks may be at most %d, not %d".formatted(WEBHOOKS_MAX, webhooks.size()));
    }
    for (String name : webhooks.keySet()) {
      if (!NAME.matcher(name).matches() || name.equals(STREAM)) {
        throw new IllegalArgumentException(
            "a webhook's name is up to 32 of a-z, 0-9 and -, and not '%s'; not '%s'"
                .formatted(STREAM, name));
      }
    }
  }

  private static void requireWithin(String key, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(
          "%s must lie between 1 and %d, not %d".formatted(key, max, value));
    }
  }

  private static void requireDuration(String key, Duration value, Duration min) {
    if (value.compareTo(min) < 0 || value.compareTo(TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          "%s must lie between %dms and 1m, not %s".formatted(key, min.toMillis(), value));
    }
  }

  public static NoticeSettings defaults() {
    return new NoticeSettings(
        1_000,
        32,
        Duration.ofSeconds(15),
        256,
        Duration.ofSeconds(5),
        4,
        Duration.ofSeconds(1),
        Map.of());
  }

  /** The same with relative secret files made absolute from {@code folder}. */
  public NoticeSettings resolvedFrom(Path folder) {
    return new NoticeSettings(
        keptMax,
        streamsMax,
        keepAlive,
        queueMax,
        timeout,
        attemptsMax,
        backoff,
        webhooks.entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, entry -> resolved(entry.getValue(), folder))));
  }

  private static Webhook resolved(Webhook webhook, Path folder) {
    return new Webhook(
        webhook.url(),
        webhook.types(),
        webhook.models(),
        webhook.secretFile().map(file -> folder.resolve(file).normalize()));
  }
}
