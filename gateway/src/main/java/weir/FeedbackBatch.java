package weir;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Many lines of feedback, sent in parts that any gateway takes; says what became of them. */
final class FeedbackBatch {
  private static final int LINES_MAX = 1_000;
  private static final int CHARS_MAX = 100_000;
  private static final String REFUSED = "refused";

  private final RemoteGateway gateway;
  private final String path;
  private final PrintWriter out;
  private final boolean json;
  private final Map<String, Long> counts = new TreeMap<>();
  private final List<String> part = new ArrayList<>();
  private final List<Long> numbers = new ArrayList<>();
  private int chars;
  private boolean refused;
  private boolean unavailable;

  FeedbackBatch(RemoteGateway gateway, String path, PrintWriter out, boolean json) {
    this.gateway = gateway;
    this.path = path;
    this.out = out;
    this.json = json;
  }

  /** Sends every line that is not blank; the exit code. */
  int send(BufferedReader lines) throws IOException, CallFailedException, InterruptedException {
    long number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (!line.isBlank()) {
        if (part.size() == LINES_MAX || (chars + line.length() > CHARS_MAX && !part.isEmpty())) {
          sendPart();
        }
        part.add(line);
        numbers.add(number);
        chars += line.length() + 1;
      }
    }
    if (!part.isEmpty()) {
      sendPart();
    }
    if (!json) {
      List<String> said = new ArrayList<>();
      counts.forEach((result, count) -> said.add("%s %,d".formatted(result, count)));
      out.println(said.isEmpty() ? "no lines" : String.join(", ", said));
    }
    return unavailable ? ClientCode.FAILED : refused ? ClientCode.REFUSED : ClientCode.DONE;
  }

  private void sendPart() throws CallFailedException, InterruptedException {
    RemoteGateway.Reply reply = gateway.post(path, String.join("\n", part));
    if (json) {
      out.println(reply.body());
    }
    if (reply.ok()) {
      count(reply.json());
    } else if (reply.status() == 404 || reply.status() >= 500) {
      throw new CallFailedException(
          ClientCode.of(reply.status()),
          "line %d and on were not taken: %s".formatted(numbers.getFirst(), reply.error()));
    } else {
      counts.merge(REFUSED, (long) part.size(), Long::sum);
      refused = true;
      tell(numbers.getFirst(), reply.error());
    }
    part.clear();
    numbers.clear();
    chars = 0;
  }

  private void count(JsonNode answer) {
    if (answer.has("result")) {
      counts.merge(answer.path("result").asText(), 1L, Long::sum);
      return;
    }
    for (Map.Entry<String, JsonNode> each : answer.properties()) {
      if (each.getValue().isNumber()) {
        counts.merge(each.getKey(), each.getValue().asLong(), Long::sum);
        unavailable |= each.getKey().equals("unavailable");
      }
    }
    for (JsonNode error : answer.path("errors")) {
      refused = true;
      tell(
          numbers.get(Math.clamp(error.path("line").asInt() - 1, 0, numbers.size() - 1)),
          error.path("error").asText());
    }
  }

  private void tell(long line, String words) {
    if (!json) {
      out.printf("line %d: %s%n", line, words);
    }
  }
}
