package weir.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import weir.notice.Notice;
import weir.notice.NoticeSettings;
import weir.notice.Notices;
import weir.observation.NoticeMeters.Result;

/**
 * The live stream of notices as server-sent events (WHATWG HTML, section 9.2): {@code
 * Last-Event-ID} resumes, {@code ?model=} chooses one model.
 *
 * <p>A client that went away is noticed by the failing write of a notice or a keep-alive. The
 * stream ends when the key or token that opened it holds no longer.
 */
final class EventDoor {
  static final String PATH = "/admin/events";

  private static final Header TYPE =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/event-stream");
  private static final Header UNCACHED =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
  private static final String KEEP_ALIVE = ":\n\n";
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Notices notices;
  private final NoticeSettings settings;
  private final Consumer<Result> meter;
  private final Guard guard;
  private final Semaphore places;

  EventDoor(Notices notices, NoticeSettings settings, Consumer<Result> meter, Guard guard) {
    this.notices = notices;
    this.settings = settings;
    this.meter = meter;
    this.guard = guard;
    this.places = new Semaphore(settings.streamsMax());
  }

  void handle(ServerRequest request, ServerResponse response) {
    String last = request.headers().first(HeaderNames.create("Last-Event-ID")).orElse("");
    Flow.Publisher<Notice> publisher = notices;
    if (!last.isEmpty()) {
      try {
        publisher = notices.after(Long.parseLong(last));
      } catch (NumberFormatException e) {
        Answers.error(
            response, Status.BAD_REQUEST_400, "Last-Event-ID must be the id of an earlier event");
        return;
      }
    }
    if (!places.tryAcquire()) {
      Answers.notReady(
          response,
          "%d clients listen already; notices.streams-max allows no more"
              .formatted(settings.streamsMax()));
      return;
    }
    try {
      stream(publisher, request, response);
    } finally {
      places.release();
    }
  }

  private void stream(
      Flow.Publisher<Notice> publisher, ServerRequest request, ServerResponse response) {
    Optional<String> model = request.query().first("model").asOptional();
    EventQueue queue = new EventQueue();
    publisher.subscribe(queue);
    response.header(TYPE).header(UNCACHED);
    try (OutputStream out = response.outputStream()) {
      write(out, queue, KEEP_ALIVE);
      Duration look = settings.keepAlive().compareTo(LOOK) < 0 ? settings.keepAlive() : LOOK;
      Duration silence = Duration.ZERO;
      EventQueue.Next next = queue.next(look);
      while (!(next instanceof EventQueue.Next.End) && guard.stillAdmits(request)) {
        if (next instanceof EventQueue.Next.Event(Notice notice)) {
          tell(out, queue, notice, model);
          silence = Duration.ZERO;
        } else {
          silence = silence.plus(look);
        }
        if (silence.compareTo(settings.keepAlive()) >= 0) {
          write(out, queue, KEEP_ALIVE);
          silence = Duration.ZERO;
        }
        next = queue.next(look);
      }
    } catch (IOException | UncheckedIOException | InterruptedException e) {
      throw new CloseConnectionException("the client went away or is too slow", e);
    } finally {
      if (queue.tooSlow()) {
        meter.accept(Result.DROPPED);
      }
      queue.leave();
    }
  }

  private void tell(OutputStream out, EventQueue queue, Notice notice, Optional<String> model)
      throws IOException {
    boolean missed = notice.type().equals(Notice.MISSED);
    if (!missed && model.isPresent() && !model.get().equals(notice.model())) {
      return;
    }
    String event =
        "id: %d\nevent: %s\ndata: %s\n\n".formatted(notice.id(), notice.type(), notice.toJson());
    boolean sent = false;
    try {
      write(out, queue, event);
      sent = true;
    } finally {
      meter.accept(sent ? Result.SENT : Result.FAILED);
    }
  }

  private static void write(OutputStream out, EventQueue queue, String text) throws IOException {
    queue.writing(true);
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } finally {
      queue.writing(false);
    }
  }
}
