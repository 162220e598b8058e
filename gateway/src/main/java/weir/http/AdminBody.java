package weir.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import weir.rollout.RolloutSettings;
import weir.routing.RoutingPolicy;
import weir.routing.Share;

/** Reads the bodies of the admin door; a refusal is an IllegalArgumentException with its words. */
final class AdminBody {
  private static final Set<String> START =
      Set.of("candidate", "why", "steps", "step_min", "step_max", "manual", "shadow", "dry_run");
  private static final int WHY_CHARS_MAX = 1_000;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode body;

  private AdminBody(JsonNode body) {
    this.body = body;
  }

  /** An empty body is an empty object. */
  static AdminBody read(Bodies.Body.Whole whole) {
    if (whole.length() == 0) {
      return new AdminBody(JsonNodeFactory.instance.objectNode());
    }
    try {
      JsonNode body = JSON.readTree(whole.bytes(), 0, whole.length());
      if (!body.isObject()) {
        throw new IllegalArgumentException("the body must be a JSON object");
      }
      return new AdminBody(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body is not JSON: " + e.getOriginalMessage(), e);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException("the body cannot be read", e);
    }
  }

  String why() {
    if (body.has("why") && !body.path("why").isTextual()) {
      throw new IllegalArgumentException("why must be a text");
    }
    String why = body.path("why").asText("");
    if (why.length() > WHY_CHARS_MAX) {
      throw new IllegalArgumentException(
          "why has at most %d characters, not %d".formatted(WHY_CHARS_MAX, why.length()));
    }
    return why;
  }

  /** The body of a command that has no more to say than why. */
  void onlyWhy() {
    known(Set.of("why"));
  }

  private void known(Set<String> names) {
    body.fieldNames()
        .forEachRemaining(name -> {
          if (!names.contains(name)) {
            throw new IllegalArgumentException(
                "there is no field '%s'; there are %s"
                    .formatted(
                        name.length() > 40 ? name.substring(0, 40) : name,
                        String.join(", ", names.stream().sorted().toList())));
          }
        });
  }

  /** {@code {"weights": {"1": 90, "2": 10}}}, the stable version first. */
  RoutingPolicy split() {
    known(Set.of("weights", "why"));
    JsonNode weights = body.path("weights");
    if (!weights.isObject() || weights.isEmpty()) {
      throw new IllegalArgumentException(
          "weights must be an object such as {\"1\": 90, \"2\": 10}, the stable version first");
    }
    List<Share> shares = new ArrayList<>();
    for (Map.Entry<String, JsonNode> weight : weights.properties()) {
      if (!weight.getValue().isNumber()) {
        throw new IllegalArgumentException("the weight of a version must be a number");
      }
      shares.add(new Share(weight.getKey(), weight.getValue().asDouble()));
    }
    return new RoutingPolicy.Split(shares);
  }

  String candidate() {
    known(START);
    JsonNode candidate = body.path("candidate");
    if (!candidate.isTextual() || candidate.asText().isBlank()) {
      throw new IllegalArgumentException("candidate must name a version, such as \"2\"");
    }
    return candidate.asText();
  }

  /** The configured settings with what the body says otherwise; empty when it says nothing. */
  Optional<RolloutSettings> settings(RolloutSettings configured) {
    boolean any =
        START.stream()
            .anyMatch(name -> !name.equals("candidate") && !name.equals("why") && body.has(name));
    if (!any) {
      return Optional.empty();
    }
    return Optional.of(
        new RolloutSettings(
            numbers("steps", configured.steps()),
            time("step_min", configured.stepMin()),
            time("step_max", configured.stepMax()),
            numbers("manual", configured.manual()),
            time("shadow", configured.shadow()),
            truth("dry_run", configured.dryRun()),
            configured.onDrift()));
  }

  private List<Double> numbers(String name, List<Double> otherwise) {
    if (!body.has(name)) {
      return otherwise;
    }
    List<Double> numbers = new ArrayList<>();
    if (!body.path(name).isArray()) {
      throw new IllegalArgumentException(name + " must be a list of percentages");
    }
    for (JsonNode each : body.path(name)) {
      if (!each.isNumber()) {
        throw new IllegalArgumentException(name + " must be a list of percentages");
      }
      numbers.add(each.asDouble());
    }
    return numbers;
  }

  private boolean truth(String name, boolean otherwise) {
    if (body.has(name) && !body.path(name).isBoolean()) {
      throw new IllegalArgumentException(name + " must be true or false");
    }
    return body.path(name).asBoolean(otherwise);
  }

  private Duration time(String name, Duration otherwise) {
    if (!body.has(name)) {
      return otherwise;
    }
    String text = body.path(name).asText();
    try {
      return Duration.parse(text.startsWith("P") ? text : "PT" + text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s must be a time such as 30s, 10m or 2h".formatted(name), e);
    }
  }
}
