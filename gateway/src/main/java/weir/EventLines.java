package weir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One model's notices as a running gateway tells them: resumed after the last one read when the
 * stream breaks, each handed out once as its JSON.
 */
final class EventLines {
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final int WAITING_MAX = 1_000;

  private final RemoteGateway gateway;
  private final String path;
  private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(WAITING_MAX);

  private EventLines(RemoteGateway gateway, String model) {
    this.gateway = gateway;
    this.path = "/admin/events?model=" + RemoteGateway.part(model);
  }

  /** Begins to listen, until the gateway's client is closed. */
  static EventLines start(RemoteGateway gateway, String model) {
    EventLines lines = new EventLines(gateway, model);
    Thread.ofVirtual().name("events").start(lines::listen);
    return lines;
  }

  Optional<String> next(Duration patience) throws InterruptedException {
    return Optional.ofNullable(waiting.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void listen() {
    String last = "";
    try {
      while (true) {
        last = listenAfter(last);
        Thread.sleep(AGAIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads one connection to its end; the id of the last notice read. */
  private String listenAfter(String last) throws InterruptedException {
    String id = last;
    try {
      HttpResponse<InputStream> response =
          last.isEmpty() ? gateway.stream(path) : gateway.stream(path, "last-event-id", last);
      try (BufferedReader in =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        if (response.statusCode() != 200) {
          return id;
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          if (line.startsWith("id: ")) {
            id = line.substring(4);
          } else if (line.startsWith("data: ")) {
            waiting.put(line.substring(6));
          }
        }
      }
    } catch (IOException | CallFailedException e) {
      // The status, asked in between, tells the user that the gateway is away.
      return id;
    }
    return id;
  }
}
