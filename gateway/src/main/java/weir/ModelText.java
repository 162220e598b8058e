package weir;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.StringJoiner;

/** The gateway's documents about a model, as a person reads them. */
final class ModelText {
  private static final int FIGURES = 3;
  private static final int WIDTH = 110;
  private static final int NAME_WIDTH = 9;

  private ModelText() {}

  /** {@code GET /admin/models}. */
  static String models(JsonNode models) {
    Table table = new Table("model", " revision", "traffic", "rollout");
    for (JsonNode model : models) {
      table.row(
          model.path("model").asText(),
          model.path("revision").asText(),
          traffic(model.path("policy")),
          model.has("rollout") ? place(model.path("rollout")) : "none");
    }
    return table.text("");
  }

  /** {@code GET /admin/models/MODEL}. */
  static String model(JsonNode model) {
    StringBuilder text = new StringBuilder();
    line(text, "model", model.path("model").asText());
    line(text, "revision", model.path("revision").asText());
    line(
        text,
        "traffic",
        traffic(model.path("policy")) + " (" + model.path("because").asText() + ")");
    if (model.path("configuration_waits").asBoolean()) {
      line(text, "waits", "the changed configuration takes effect when the rollout ends");
    }
    if (model.path("unrecorded").asInt() > 0) {
      line(
          text,
          "journal",
          "%d changes are in effect and not recorded yet; see the gateway's log"
              .formatted(model.path("unrecorded").asInt()));
    }
    JsonNode rollout = model.path("rollout");
    if (rollout.isObject()) {
      line(text, "rollout", place(rollout) + " since " + time(rollout.path("since").asText()));
    }
    String words = model.path("words").asText();
    if (!words.isEmpty()) {
      line(text, "says", words);
    }
    return text.toString();
  }

  /** A name and its value, broken between words where it is long. */
  private static void line(StringBuilder text, String name, String value) {
    StringBuilder line = new StringBuilder(name).append(" ".repeat(NAME_WIDTH - name.length()));
    for (String word : value.split(" ", -1)) {
      if (line.length() + word.length() >= WIDTH) {
        text.append(line).append(System.lineSeparator());
        line = new StringBuilder(" ".repeat(NAME_WIDTH));
      }
      line.append(' ').append(word);
    }
    text.append(line).append(System.lineSeparator());
  }

  /** {@code GET /admin/models/MODEL/experiment}. */
  static String experiment(JsonNode document) {
    StringBuilder text = new StringBuilder(model(document));
    if (document.has("guard")) {
      line(text, "guard", document.path("guard").asText());
    }
    if (!document.has("checks")) {
      line(text, "checks", "none: nothing is compared without a rollout under way");
      return text.toString();
    }
    Table checks = new Table("check", "verdict", "in words");
    for (JsonNode check : document.path("checks")) {
      checks.row(
          check.path("check").asText(),
          check.path("verdict").asText() + (check.path("gates").asBoolean() ? "" : " (shown)"),
          check.path("words").asText());
    }
    Table versions =
        new Table("version", " exposures", " measured", "errors %", "p50 ms", "p95 ms", "p99 ms");
    for (JsonNode version : document.path("versions")) {
      versions.row(
          version.path("version").asText(),
          "%,d".formatted(version.path("exposures").asLong()),
          "%,d".formatted(version.path("measured").asLong()),
          estimate(version.path("error_rate"), 100),
          estimate(version.path("p50_ms"), 1),
          estimate(version.path("p95_ms"), 1),
          estimate(version.path("p99_ms"), 1));
    }
    return text
        + System.lineSeparator()
        + checks.text("")
        + System.lineSeparator()
        + versions.text("");
  }

  /** {@code 2.3 (1.5 to 3.26)}; an open end is a question mark. */
  private static String estimate(JsonNode estimate, int factor) {
    return "%s (%s to %s)"
        .formatted(
            number(estimate.path("value"), factor),
            number(estimate.path("low"), factor),
            number(estimate.path("high"), factor));
  }

  private static String number(JsonNode value, int factor) {
    return value.isNumber() ? plain(value.asDouble() * factor) : "?";
  }

  private static String plain(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(FIGURES));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** {@code GET /admin/audit}. */
  static String audit(JsonNode entries) {
    Table table = new Table("at", "model", " revision", "event", "by", "what and why");
    for (JsonNode entry : entries) {
      String what = what(entry.path("details"));
      String given = entry.path("why").asText();
      String why = given.equals(what) ? "" : given;
      table.row(
          time(entry.path("at").asText()),
          entry.path("stream").asText().replaceFirst("^model/", ""),
          entry.path("revision").asText(),
          entry.path("event").asText(),
          entry.path("actor").asText(),
          what
              + (what.isEmpty() || why.isEmpty() ? "" : "; ")
              + (why.isEmpty() ? "" : "why: " + why));
    }
    return table.text("");
  }

  private static String what(JsonNode details) {
    if (details.has("policy")) {
      return traffic(details.path("policy"));
    }
    if (details.has("terms")) {
      JsonNode terms = details.path("terms");
      StringJoiner steps = new StringJoiner(", ");
      terms.path("settings").path("steps").forEach(step -> steps.add(plain(step.asDouble())));
      return "version %s against version %s, steps %s%s"
          .formatted(
              terms.path("candidate").asText(),
              terms.path("stable").asText(),
              steps,
              terms.path("settings").path("dry-run").asBoolean() ? ", dry run" : "");
    }
    return details.path("words").asText();
  }

  /** Which version gets how much; a policy has its weights by version, or in a list. */
  static String traffic(JsonNode policy) {
    if (policy.has("fixed")) {
      return "version " + policy.path("fixed").asText();
    }
    JsonNode split = policy.path(policy.has("bandit") ? "bandit" : "split");
    double sum = 0;
    for (JsonNode weight : split) {
      sum += weight.isObject() ? weight.path("weight").asDouble() : weight.asDouble();
    }
    StringJoiner shares = new StringJoiner(", ");
    for (Map.Entry<String, JsonNode> each : split.properties()) {
      shares.add(share(each.getKey(), each.getValue().asDouble() / sum));
    }
    for (JsonNode each : split.isArray() ? split : split.path("none")) {
      shares.add(share(each.path("version").asText(), each.path("weight").asDouble() / sum));
    }
    return policy.has("bandit") ? "bandit: " + shares : shares.toString();
  }

  private static String share(String version, double share) {
    return "version %s %s %%".formatted(version, plain(100 * share));
  }

  /** {@code version 2 against version 1, step 1 of 3 (10 %), stepping}. */
  static String place(JsonNode rollout) {
    String versions =
        "version %s against version %s, "
            .formatted(rollout.path("candidate").asText(), rollout.path("stable").asText());
    String state = rollout.path("state").asText();
    String dry = rollout.path("dry_run").asBoolean() ? " (dry run)" : "";
    if (rollout.path("over").asBoolean()) {
      String because = rollout.path("rolled_back_because").asText();
      return versions + state + (because.isEmpty() ? "" : " (" + because + ")") + dry;
    }
    int step = rollout.path("step").asInt();
    return versions
        + (step < 0
            ? ""
            : "step %d of %d (%s %%), "
                .formatted(
                    step + 1,
                    rollout.path("steps").size(),
                    plain(rollout.path("percent").asDouble())))
        + state
        + dry;
  }

  /** To the second. */
  static String time(String instant) {
    try {
      return Instant.parse(instant).truncatedTo(ChronoUnit.SECONDS).toString();
    } catch (DateTimeParseException e) {
      return instant;
    }
  }
}
