package weir.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import weir.journal.FeedbackResult;
import weir.journal.FeedbackRow;
import weir.journal.Journal;
import weir.journal.JournalUnavailableException;
import weir.observation.FeedbackMeters;
import weir.observation.FeedbackMeters.Result;
import weir.routing.PredictionId;
import weir.routing.PredictionSigner;
import weir.routing.Score;
import weir.routing.Verification;

/**
 * Turns lines of feedback into rows of the journal: each value is verified, written once, counted.
 *
 * <p>A line is {@code {"id": "…", "actual": 3326.5}}, with one or more of {@code reward} (a number
 * or a truth value), {@code label} (a text or a whole number) and {@code actual} (a number or a
 * text). Needs no log of predictions: the signed id says what the prediction was.
 */
public final class FeedbackIntake {
  private static final Set<String> KINDS = Set.of("reward", "label", "actual");
  private static final Duration CLOCKS_DIFFER_MAX = Duration.ofMinutes(1);
  private static final int LABEL_CHARS_MAX = 256;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final PredictionSigner signer;
  private final Journal journal;
  private final Function<String, Optional<Duration>> labelWindow;
  private final FeedbackMeters meters;
  private final Clock clock;

  /** {@code labelWindow}: by model; empty for one that is not served. */
  public FeedbackIntake(
      PredictionSigner signer,
      Journal journal,
      Function<String, Optional<Duration>> labelWindow,
      FeedbackMeters meters,
      Clock clock) {
    this.signer = signer;
    this.journal = journal;
    this.labelWindow = labelWindow;
    this.meters = meters;
    this.clock = clock;
  }

  /** What became of one line's value; {@code words} is empty when it was accepted. */
  record Taken(Result result, String words) {}

  private static final Taken ACCEPTED = new Taken(Result.ACCEPTED, "");

  boolean knows(String model) {
    return labelWindow.apply(model).isPresent();
  }

  /** What became of every line, in their order; a line's worst value speaks for it. */
  List<Taken> take(String model, List<String> lines) {
    Duration window = labelWindow.apply(model).orElse(Duration.ZERO);
    Instant now = clock.instant();
    List<Taken> taken = new ArrayList<>();
    List<FeedbackRow> rows = new ArrayList<>();
    List<Integer> lineOf = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      taken.add(ACCEPTED);
      switch (read(lines.get(i), model, window, now)) {
        case Line.Refused refused -> taken.set(i, refused.taken());
        case Line.Good good -> {
          for (FeedbackRow row : good.rows()) {
            rows.add(row);
            lineOf.add(i);
          }
        }
      }
    }
    write(rows, lineOf, taken);
    taken.forEach(each -> meters.count(model, each.result()));
    return taken;
  }

  private void write(List<FeedbackRow> rows, List<Integer> lineOf, List<Taken> taken) {
    if (rows.isEmpty()) {
      return;
    }
    try {
      List<FeedbackResult> results = journal.accept(rows);
      for (int i = 0; i < results.size(); i++) {
        if (results.get(i) == FeedbackResult.DUPLICATE) {
          taken.set(
              lineOf.get(i),
              new Taken(
                  Result.DUPLICATE,
                  "this prediction has feedback of kind %s already; the first counts"
                      .formatted(rows.get(i).kind())));
        }
      }
    } catch (JournalUnavailableException e) {
      for (int line : lineOf) {
        taken.set(
            line,
            new Taken(
                Result.UNAVAILABLE,
                "feedback cannot be written now; send it again, nothing counts twice"));
      }
    }
  }

  private sealed interface Line {
    record Good(List<FeedbackRow> rows) implements Line {}

    record Refused(Taken taken) implements Line {}
  }

  private static Line refused(Result result, String words) {
    return new Line.Refused(new Taken(result, words));
  }

  private Line read(String text, String model, Duration window, Instant now) {
    JsonNode line;
    try {
      line = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return refused(Result.MALFORMED, "not one JSON object: " + e.getOriginalMessage());
    }
    Optional<String> problem = problem(line);
    if (problem.isPresent()) {
      return refused(Result.MALFORMED, problem.get());
    }
    return switch (signer.verify(line.path("id").asText())) {
      case Verification.Malformed _ ->
          refused(
              Result.MALFORMED,
              "id is no prediction id; send back the answer's header weir-prediction-id as it was");
      case Verification.Forged _ ->
          refused(Result.FORGED, "id was changed, or never made here; nothing was applied");
      case Verification.UnknownKey _ ->
          refused(
              Result.UNKNOWN_KEY,
              "id was signed with a key that is not in use here: it is too old, or of another gateway");
      case Verification.Valid valid -> {
        PredictionId id = valid.id();
        if (!id.variant().model().equals(model)) {
          yield refused(
              Result.FOREIGN,
              "id is of a prediction of model %s; send it to that model's path"
                  .formatted(id.variant().model()));
        }
        if (id.time().isAfter(now.plus(CLOCKS_DIFFER_MAX))) {
          yield refused(
              Result.UNAVAILABLE,
              "the prediction of %s lies ahead of this gateway's clock, which says %s; send it again when the clock is right"
                  .formatted(id.time(), now));
        }
        if (id.time().plus(window).isBefore(now)) {
          yield refused(
              Result.EXPIRED,
              "the prediction of %s is older than the label window of %s; raise experiment.label-window to take it"
                  .formatted(id.time(), words(window)));
        }
        yield new Line.Good(rows(line, id, now));
      }
    };
  }

  private static Optional<String> problem(JsonNode line) {
    if (!line.isObject()) {
      return Optional.of("feedback is an object such as {\"id\": \"…\", \"actual\": 3326.5}");
    }
    if (!line.path("id").isTextual()) {
      return Optional.of("id is missing: the answer's header weir-prediction-id");
    }
    if (line.size() < 2) {
      return Optional.of("a value is missing: one of reward, label, actual");
    }
    for (Map.Entry<String, JsonNode> field : line.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (!name.equals("id") && !KINDS.contains(name)) {
        return Optional.of(
            "%s is not known; there are id, reward, label, actual".formatted(quoted(name)));
      }
      boolean fits =
          switch (name) {
            case "reward" -> value.isBoolean() || finite(value);
            case "label" -> text(value) || whole(value);
            case "actual" -> text(value) || finite(value);
            default -> true;
          };
      if (!fits) {
        return Optional.of(
            "%s must be %s"
                .formatted(
                    name,
                    switch (name) {
                      case "reward" -> "a finite number, true or false";
                      case "label" -> "a text without NUL, or a whole number";
                      default -> "a finite number, or a text without NUL";
                    }));
      }
    }
    return Optional.empty();
  }

  private static String quoted(String name) {
    String shown = name.length() > 40 ? name.substring(0, 40) + "…" : name;
    return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
  }

  private static boolean finite(JsonNode value) {
    return value.isNumber() && Double.isFinite(value.asDouble());
  }

  private static boolean text(JsonNode value) {
    return value.isTextual()
        && value.asText().length() <= LABEL_CHARS_MAX
        && value.asText().indexOf('\0') < 0;
  }

  private static boolean whole(JsonNode value) {
    return value.isIntegralNumber() && value.asText().length() <= LABEL_CHARS_MAX;
  }

  private static String words(Duration window) {
    return window.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
  }

  private static List<FeedbackRow> rows(JsonNode line, PredictionId id, Instant now) {
    List<FeedbackRow> rows = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : line.properties()) {
      if (!field.getKey().equals("id")) {
        rows.add(row(line.path("id").asText(), field.getKey(), field.getValue(), id, now));
      }
    }
    return rows;
  }

  private static FeedbackRow row(
      String prediction, String kind, JsonNode value, PredictionId id, Instant now) {
    boolean numeric = value.isNumber() && !kind.equals("label");
    double number = value.isBoolean() ? (value.asBoolean() ? 1 : 0) : value.asDouble();
    return new FeedbackRow(
        prediction,
        kind,
        id.variant().model(),
        id.variant().version(),
        id.generation(),
        id.probability(),
        id.time(),
        id.unitHash(),
        id.score() instanceof Score.Value score ? score.value() : Double.NaN,
        id.score() instanceof Score.Label label ? label.text() : "",
        numeric || value.isBoolean() ? number : Double.NaN,
        numeric || value.isBoolean() ? "" : value.asText(),
        now);
  }
}
