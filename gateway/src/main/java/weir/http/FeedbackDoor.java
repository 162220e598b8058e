package weir.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import weir.inference.Quoted;
import weir.observation.FeedbackMeters.Result;
import weir.serving.ModelDirectory;

/** {@code POST /v2/models/{model}/feedback}: one object, or one per line (NDJSON). */
final class FeedbackDoor {
  private static final int LINES_MAX = 10_000;
  private static final int ERRORS_SHOWN = 20;

  private final FeedbackIntake intake;
  private final ModelDirectory directory;
  private final Bodies bodies;

  FeedbackDoor(FeedbackIntake intake, ModelDirectory directory, Bodies bodies) {
    this.intake = intake;
    this.directory = directory;
    this.bodies = bodies;
  }

  void handle(ServerRequest request, ServerResponse response) {
    switch (bodies.read(request)) {
      case Bodies.Body.Broken broken -> {
        Answers.closing(request, response);
        Answers.error(response, broken.status(), broken.message());
        Answers.closeUnread(request);
      }
      case Bodies.Body.Whole whole ->
          answer(
              response,
              Paths.parameter(request, "model"),
              lines(new String(whole.bytes(), 0, whole.length(), StandardCharsets.UTF_8)));
    }
  }

  /** A line that is not blank, and its number in the body, from 1. */
  record Line(int number, String text) {}

  /** An object may be laid out over lines; several are one a line. */
  static List<Line> lines(String body) {
    List<String> all = body.lines().toList();
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).isBlank()) {
        lines.add(new Line(i + 1, all.get(i)));
      }
    }
    boolean oneObject = lines.size() > 1 && !lines.getFirst().text().stripTrailing().endsWith("}");
    return oneObject ? List.of(new Line(1, body)) : lines;
  }

  private void answer(ServerResponse response, String model, List<Line> lines) {
    Optional<String> opening = directory.opening();
    if (opening.isPresent()) {
      Answers.notReady(response, opening.get());
    } else if (!intake.knows(model)) {
      Answers.error(
          response,
          Status.NOT_FOUND_404,
          "model %s is unknown; POST /v2/repository/index lists the models"
              .formatted(Quoted.name(model)));
    } else if (lines.isEmpty()) {
      Answers.error(
          response,
          Status.BAD_REQUEST_400,
          "the body is empty; send {\"id\": \"…\", \"actual\": 3326.5}, or one such object per line");
    } else if (lines.size() > LINES_MAX) {
      Answers.error(
          response,
          Status.REQUEST_ENTITY_TOO_LARGE_413,
          "%d lines are more than %d; send them in parts".formatted(lines.size(), LINES_MAX));
    } else {
      List<FeedbackIntake.Taken> taken =
          intake.take(model, lines.stream().map(Line::text).toList());
      if (lines.size() == 1) {
        single(response, taken.getFirst());
      } else {
        batch(response, lines, taken);
      }
    }
  }

  private static void single(ServerResponse response, FeedbackIntake.Taken taken) {
    switch (taken.result()) {
      case ACCEPTED, DUPLICATE -> {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("result", taken.result().label());
        Answers.json(response, utf8(answer));
      }
      case MALFORMED, FOREIGN, UNKNOWN_KEY ->
          Answers.error(response, Status.BAD_REQUEST_400, taken.words());
      case FORGED -> Answers.error(response, Status.FORBIDDEN_403, taken.words());
      case EXPIRED -> Answers.error(response, Status.GONE_410, taken.words());
      case UNAVAILABLE -> Answers.notReady(response, taken.words());
    }
  }

  /** 200 with what became of the lines; 503 when the journal could take none of them. */
  private static void batch(
      ServerResponse response, List<Line> lines, List<FeedbackIntake.Taken> taken) {
    Map<String, Integer> counts = new TreeMap<>();
    ArrayNode errors = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < taken.size(); i++) {
      FeedbackIntake.Taken each = taken.get(i);
      counts.merge(each.result().label(), 1, Integer::sum);
      boolean refused = each.result() != Result.ACCEPTED && each.result() != Result.DUPLICATE;
      if (refused && errors.size() < ERRORS_SHOWN) {
        errors
            .addObject()
            .put("line", lines.get(i).number())
            .put("result", each.result().label())
            .put("error", each.words());
      }
    }
    if (counts.size() == 1 && counts.containsKey(Result.UNAVAILABLE.label())) {
      Answers.notReady(response, taken.getFirst().words());
      return;
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    counts.forEach(answer::put);
    if (!errors.isEmpty()) {
      answer.set("errors", errors);
    }
    Answers.json(response, utf8(answer));
  }

  private static byte[] utf8(ObjectNode answer) {
    return answer.toString().getBytes(StandardCharsets.UTF_8);
  }
}
