package weir.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import weir.rollout.RolloutEvent.ApprovalAwaited;
import weir.rollout.RolloutEvent.Approved;
import weir.rollout.RolloutEvent.ArmOut;
import weir.rollout.RolloutEvent.ArmsMoved;
import weir.rollout.RolloutEvent.Configured;
import weir.rollout.RolloutEvent.Paused;
import weir.rollout.RolloutEvent.Promoted;
import weir.rollout.RolloutEvent.Resumed;
import weir.rollout.RolloutEvent.RolledBack;
import weir.rollout.RolloutEvent.SplitSet;
import weir.rollout.RolloutEvent.Started;
import weir.rollout.RolloutEvent.Stepped;
import weir.routing.RoutingPolicy;
import weir.routing.Share;

/** Events as the journal's text; {@link #read} of {@link #write} is the same event. */
public final class RolloutJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private RolloutJson() {}

  /** The payload; {@link RolloutEvent#type} is kept beside it. */
  public static String write(RolloutEvent event) {
    ObjectNode root = JSON.createObjectNode();
    if (event instanceof RolloutEvent.Progress progress) {
      root.put("rollout", progress.rollout());
    }
    switch (event) {
      case Configured e -> write(root.putObject("policy"), e.policy());
      case SplitSet e -> write(root.putObject("policy"), e.policy());
      case Started e -> {
        write(root.putObject("terms"), e.terms());
        at(root, e.at());
      }
      case Stepped e -> at(root.put("step", e.step()).put("words", e.words()), e.at());
      case ApprovalAwaited e -> at(root.put("next", e.next()).put("words", e.words()), e.at());
      case Approved e -> at(root.put("step", e.step()).put("words", e.words()), e.at());
      case Paused e -> at(root, e.at());
      case Resumed e -> at(root, e.at());
      case Promoted e -> at(root.put("words", e.words()), e.at());
      case RolledBack e ->
          at(root.put("because", e.because().label()).put("words", e.words()), e.at());
      case ArmsMoved e -> {
        write(root.putObject("policy"), new RoutingPolicy.Bandit(e.shares()));
        at(root.put("words", e.words()), e.at());
      }
      case ArmOut e ->
          at(
              root.put("version", e.version())
                  .put("because", e.because().label())
                  .put("words", e.words()),
              e.at());
    }
    return root.toString();
  }

  private static void at(ObjectNode node, Instant at) {
    node.put("at", at.toString());
  }

  private static void write(ObjectNode node, RoutingPolicy policy) {
    switch (policy) {
      case RoutingPolicy.Fixed fixed -> node.put("fixed", fixed.version());
      case RoutingPolicy.Divided divided -> {
        ArrayNode shares =
            node.putArray(divided instanceof RoutingPolicy.Bandit ? "bandit" : "split");
        divided
            .shares()
            .forEach(share ->
                shares.addObject().put("version", share.version()).put("weight", share.weight()));
      }
    }
  }

  private static void write(ObjectNode node, RolloutTerms terms) {
    node.put("rollout", terms.rollout());
    node.put("stable", terms.stable());
    node.put("candidate", terms.candidate());
    node.put("salt", terms.salt());
    RolloutSettings settings = terms.settings();
    ObjectNode set = node.putObject("settings");
    settings.steps().forEach(set.putArray("steps")::add);
    set.put("step-min", settings.stepMin().toString());
    set.put("step-max", settings.stepMax().toString());
    settings.manual().forEach(set.putArray("manual")::add);
    set.put("shadow", settings.shadow().toString());
    set.put("dry-run", settings.dryRun());
    set.put("on-drift", settings.onDrift().name().toLowerCase(Locale.ROOT));
  }

  /** The event; IllegalArgumentException says what is wrong with an unknown or damaged one. */
  public static RolloutEvent read(String type, String json) {
    try {
      return event(type, JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the journal's '%s' event is not JSON: %s".formatted(type, e.getOriginalMessage()), e);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "the journal's '%s' event holds no time where one belongs: %s"
              .formatted(type, e.getMessage()),
          e);
    }
  }

  private static RolloutEvent event(String type, JsonNode node) {
    return switch (type) {
      case "configured" -> new Configured(policy(field(node, "policy")));
      case "split-set" -> new SplitSet(policy(field(node, "policy")));
      case "rollout-started" -> new Started(terms(field(node, "terms")), at(node));
      case "rollout-stepped" ->
          new Stepped(text(node, "rollout"), step(node, "step"), at(node), text(node, "words"));
      case "rollout-approval-awaited" ->
          new ApprovalAwaited(
              text(node, "rollout"), step(node, "next"), at(node), text(node, "words"));
      case "rollout-approved" ->
          new Approved(text(node, "rollout"), step(node, "step"), at(node), text(node, "words"));
      case "rollout-paused" -> new Paused(text(node, "rollout"), at(node));
      case "rollout-resumed" -> new Resumed(text(node, "rollout"), at(node));
      case "rollout-promoted" -> new Promoted(text(node, "rollout"), at(node), text(node, "words"));
      case "rollout-rolled-back" ->
          new RolledBack(
              text(node, "rollout"),
              constant(RolloutState.Because.class, text(node, "because")),
              text(node, "words"),
              at(node));
      case "bandit-moved" ->
          new ArmsMoved(shares(field(node, "policy"), "bandit"), text(node, "words"), at(node));
      case "bandit-arm-out" ->
          new ArmOut(
              text(node, "version"),
              constant(RolloutState.Because.class, text(node, "because")),
              text(node, "words"),
              at(node));
      default ->
          throw new IllegalArgumentException(
              "the journal holds an event '%s' that this version does not know: run the version"
                      .formatted(type)
                  + " that wrote it, or a newer one");
    };
  }

  private static Instant at(JsonNode node) {
    return Instant.parse(text(node, "at"));
  }

  private static RoutingPolicy policy(JsonNode node) {
    if (node.has("fixed")) {
      return new RoutingPolicy.Fixed(text(node, "fixed"));
    }
    return node.has("bandit")
        ? new RoutingPolicy.Bandit(shares(node, "bandit"))
        : new RoutingPolicy.Split(shares(node, "split"));
  }

  private static List<Share> shares(JsonNode node, String name) {
    List<Share> shares = new ArrayList<>();
    for (JsonNode share : field(node, name)) {
      shares.add(new Share(text(share, "version"), number(field(share, "weight"), "weight")));
    }
    return shares;
  }

  private static RolloutTerms terms(JsonNode node) {
    JsonNode set = field(node, "settings");
    return new RolloutTerms(
        text(node, "rollout"),
        text(node, "stable"),
        text(node, "candidate"),
        text(node, "salt"),
        new RolloutSettings(
            numbers(set, "steps"),
            Duration.parse(text(set, "step-min")),
            Duration.parse(text(set, "step-max")),
            numbers(set, "manual"),
            Duration.parse(text(set, "shadow")),
            field(set, "dry-run").asBoolean(),
            constant(RolloutSettings.OnDrift.class, text(set, "on-drift"))));
  }

  private static List<Double> numbers(JsonNode node, String key) {
    List<Double> numbers = new ArrayList<>();
    field(node, key).forEach(value -> numbers.add(number(value, key)));
    return numbers;
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String label) {
    for (E each : type.getEnumConstants()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(label)) {
        return each;
      }
    }
    throw new IllegalArgumentException("'%s' is no %s".formatted(label, type.getSimpleName()));
  }

  private static String text(JsonNode node, String key) {
    JsonNode value = field(node, key);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("'" + key + "' holds text, not " + value);
    }
    return value.asText();
  }

  private static int step(JsonNode node, String key) {
    JsonNode value = field(node, key);
    if (!value.isInt()) {
      throw new IllegalArgumentException("'" + key + "' holds a whole number, not " + value);
    }
    return value.asInt();
  }

  private static double number(JsonNode value, String key) {
    if (!value.isNumber()) {
      throw new IllegalArgumentException("'" + key + "' holds numbers, not " + value);
    }
    return value.asDouble();
  }

  private static JsonNode field(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException("'" + key + "' is missing");
    }
    return value;
  }
}
