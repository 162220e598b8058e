package weir;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Follows one rollout to its end: a line for each thing that happens and each verdict that changes.
 *
 * <p>What happened is told by the gateway's notices; the status, asked every other second, tells
 * the verdicts, the end, and whatever the notices missed.
 */
final class RolloutWatch {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration NOTICE_GRACE = Duration.ofMillis(500);
  private static final Duration AWAY_MAX = Duration.ofMinutes(2);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RemoteGateway gateway;
  private final String model;
  private final PrintWriter out;
  private final boolean json;
  private final Map<String, String> verdicts = new TreeMap<>();
  private String place = "";
  private long awaySinceNanos;
  private boolean away;

  RolloutWatch(RemoteGateway gateway, String model, PrintWriter out, boolean json) {
    this.gateway = gateway;
    this.model = model;
    this.out = out;
    this.json = json;
  }

  /** Returns the exit code when the rollout is over. */
  int run() throws CallFailedException, InterruptedException {
    EventLines events = EventLines.start(gateway, model);
    JsonNode document = ask();
    if (!document.has("rollout")) {
      throw new CallFailedException(
          ClientCode.REFUSED,
          "%s has no rollout to watch; 'ops/weir rollout start %s VERSION' starts one"
              .formatted(model, model));
    }
    String rollout = id(document);
    place = ModelText.place(document.path("rollout"));
    say(Instant.now(), "%s %s".formatted(model, place));
    while (true) {
      verdicts(document);
      if (document.at("/rollout/over").asBoolean() || !id(document).equals(rollout)) {
        return end(document, rollout);
      }
      boolean told = tellNext(events, LOOK_EVERY);
      document = look(document);
      String now = ModelText.place(document.path("rollout"));
      if (!told && !now.equals(place) && !tellNext(events, NOTICE_GRACE)) {
        say(Instant.now(), document.path("words").asText(now));
      }
      place = now;
    }
  }

  /** Whether a notice came within that time. */
  private boolean tellNext(EventLines events, Duration patience) throws InterruptedException {
    Optional<String> notice = events.next(patience);
    notice.ifPresent(this::tell);
    return notice.isPresent();
  }

  private JsonNode ask() throws CallFailedException, InterruptedException {
    RemoteGateway.Reply reply =
        gateway.get("/admin/models/" + RemoteGateway.part(model) + "/experiment");
    if (!reply.ok()) {
      throw reply.failure();
    }
    return reply.json();
  }

  private static String id(JsonNode document) {
    return document.at("/rollout/id").asText();
  }

  /** The document now, or the one before while the gateway is away. */
  private JsonNode look(JsonNode before) throws CallFailedException, InterruptedException {
    try {
      JsonNode now = ask();
      if (away) {
        say(Instant.now(), "the gateway is back");
      }
      away = false;
      return now;
    } catch (CallFailedException e) {
      if (e.code() != ClientCode.UNREACHABLE && e.code() != ClientCode.FAILED) {
        throw e;
      }
      if (!away) {
        away = true;
        awaySinceNanos = System.nanoTime();
        say(Instant.now(), "the gateway does not answer; trying again");
      } else if (System.nanoTime() - awaySinceNanos > AWAY_MAX.toNanos()) {
        throw e;
      }
      return before;
    }
  }

  private void tell(String notice) {
    if (json) {
      out.println(notice);
      out.flush();
      return;
    }
    try {
      JsonNode told = JSON.readTree(notice);
      if (told.path("type").asText().equals("missed")) {
        return;
      }
      String words = told.path("words").asText();
      String prefix = model + ": ";
      say(
          Instant.parse(told.path("at").asText()),
          words.startsWith(prefix) ? words.substring(prefix.length()) : words);
    } catch (JsonProcessingException | java.time.format.DateTimeParseException e) {
      say(Instant.now(), notice);
    }
  }

  /** A line for each check whose verdict is another than before. */
  private void verdicts(JsonNode document) {
    for (JsonNode check : document.path("checks")) {
      String name = check.path("check").asText();
      String verdict = check.path("verdict").asText();
      if (!verdict.equals(verdicts.put(name, verdict))) {
        say(Instant.now(), "  %s: %s; %s".formatted(name, verdict, check.path("words").asText()));
      }
    }
  }

  private int end(JsonNode document, String rollout) throws CallFailedException {
    if (!id(document).equals(rollout)) {
      throw new CallFailedException(
          ClientCode.FAILED,
          "rollout %s ended unseen and another one began; 'ops/weir audit %s' says how"
              .formatted(rollout, model));
    }
    return document.at("/rollout/state").asText().equals("promoted")
        ? ClientCode.DONE
        : ClientCode.ROLLED_BACK;
  }

  private void say(Instant at, String words) {
    if (!json) {
      out.println(CLOCK.format(at) + " " + words);
      out.flush();
    }
  }
}
