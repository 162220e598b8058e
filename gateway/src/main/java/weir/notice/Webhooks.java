package weir.notice;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import weir.observation.NoticeMeters;

/** Every configured webhook, from the start to the stop. */
public final class Webhooks implements AutoCloseable {
  private static final Duration FINISH_WITHIN = Duration.ofSeconds(1);
  private static final int SECRET_CHARS_MIN = 16;
  private static final int SECRET_BYTES_MAX = 4_096;

  private final List<WebhookSink> sinks;

  /** Empty without webhooks: the authorities that it trusts take a while to read. */
  private final Optional<HttpClient> client;

  private final ExecutorService threads;

  private Webhooks(List<WebhookSink> sinks, Optional<HttpClient> client, ExecutorService threads) {
    this.sinks = sinks;
    this.client = client;
    this.threads = threads;
  }

  /** Reads the secrets, and from then on posts what {@code notices} tell. */
  public static Webhooks create(NoticeSettings settings, Notices notices, NoticeMeters meters)
      throws SecretRefusedException {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    Optional<HttpClient> client =
        settings.webhooks().isEmpty() ? Optional.empty() : Optional.of(client(settings, threads));
    WebhookSink.Limits limits =
        new WebhookSink.Limits(settings.queueMax(), settings.attemptsMax(), settings.backoff());
    List<String> problems = new ArrayList<>();
    List<WebhookSink> sinks = new ArrayList<>();
    settings
        .webhooks()
        .forEach((name, webhook) -> {
          Optional<Signature> signature =
              webhook.secretFile().flatMap(file -> signature(name, file, problems));
          Post post = new Post(client.orElseThrow(), webhook.url(), settings.timeout(), signature);
          sinks.add(new WebhookSink(name, limits, webhook::wants, post, meters.sink(name)));
        });
    Webhooks webhooks = new Webhooks(sinks, client, threads);
    if (!problems.isEmpty()) {
      webhooks.release();
      throw new SecretRefusedException(problems);
    }
    sinks.forEach(sink -> notices.subscribe(sink.start()));
    return webhooks;
  }

  private static HttpClient client(NoticeSettings settings, ExecutorService threads) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(settings.timeout())
        .executor(threads)
        .build();
  }

  private static Optional<Signature> signature(String name, Path file, List<String> problems) {
    String key = "notices.webhooks." + name + ".secret-file: ";
    try {
      if (Files.size(file) > SECRET_BYTES_MAX) {
        problems.add(key + file + " is larger than " + SECRET_BYTES_MAX + " bytes");
        return Optional.empty();
      }
      String secret = Files.readString(file).strip();
      if (secret.length() < SECRET_CHARS_MIN) {
        problems.add(key + file + " needs at least " + SECRET_CHARS_MIN + " characters");
        return Optional.empty();
      }
      return Optional.of(new Signature(secret));
    } catch (IOException e) {
      problems.add(key + file + " cannot be read: " + e.getClass().getSimpleName());
      return Optional.empty();
    }
  }

  /** Waits a second for the last deliveries; close the notices before. */
  @Override
  public void close() {
    long end = System.nanoTime() + FINISH_WITHIN.toNanos();
    try {
      for (WebhookSink sink : sinks) {
        sink.finish(end - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    release();
  }

  private void release() {
    client.ifPresent(HttpClient::shutdownNow);
    threads.shutdownNow();
  }
}
