package weir.drift;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import weir.stats.Binning;

/** A baseline as a JSON file; {@link #read} of {@link #write} is the same baseline. */
public final class BaselineJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private BaselineJson() {}

  public static String write(Baseline baseline) {
    ObjectNode root = JSON.createObjectNode();
    root.put("model", baseline.model());
    root.put("made-at", baseline.madeAt().toString());
    ArrayNode signals = root.putArray("signals");
    for (Signal signal : baseline.signals()) {
      ObjectNode node = signals.addObject();
      node.put("name", signal.name());
      node.put(signal.place().side().label(), signal.place().tensor());
      node.put("element", signal.place().element());
      switch (signal) {
        case Signal.Numeric numeric -> write(node.putObject("numeric"), numeric);
        case Signal.Categorical categorical -> write(node.putObject("categorical"), categorical);
      }
    }
    return root.toPrettyString() + "\n";
  }

  private static void write(ObjectNode node, Signal.Numeric signal) {
    ArrayNode edges = node.putArray("edges");
    for (double edge : signal.binning().edges()) {
      edges.add(edge);
    }
    ArrayNode counts = node.putArray("counts");
    signal.counts().forEach(counts::add);
    node.put("missing", signal.missing());
    node.put("min", signal.min()).put("max", signal.max()).put("sd", signal.sd());
  }

  private static void write(ObjectNode node, Signal.Categorical signal) {
    ArrayNode values = node.putArray("values");
    signal
        .values()
        .forEach(
            value -> values.addObject().put("value", value.text()).put("count", value.count()));
    node.put("other", signal.other()).put("missing", signal.missing());
  }

  /** The baseline in {@code text}; IllegalArgumentException says what is wrong with it. */
  public static Baseline read(String text) {
    try {
      JsonNode root = JSON.readTree(text);
      List<Signal> signals = new ArrayList<>();
      JsonNode listed = field(root, "signals");
      for (int i = 0; i < listed.size(); i++) {
        signals.add(signal(listed.get(i), "signals[" + i + "]"));
      }
      return new Baseline(
          field(root, "model").asText(), Instant.parse(field(root, "made-at").asText()), signals);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not JSON: line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("made-at is a time as 2026-01-31T12:00:00Z", e);
    }
  }

  private static Signal signal(JsonNode node, String path) {
    try {
      String name = field(node, "name").asText();
      Place.Side side = node.has("input") ? Place.Side.INPUT : Place.Side.OUTPUT;
      Place place =
          new Place(side, field(node, side.label()).asText(), (int) count(node, "element"));
      return node.has("numeric")
          ? numeric(name, place, node.get("numeric"))
          : categorical(name, place, field(node, "categorical"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
    }
  }

  private static Signal numeric(String name, Place place, JsonNode node) {
    JsonNode listed = field(node, "edges");
    double[] edges = new double[listed.size()];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = number(listed.get(i), "edges");
    }
    List<Long> counts = new ArrayList<>();
    field(node, "counts").forEach(count -> counts.add(whole(count, "counts")));
    return new Signal.Numeric(
        name,
        place,
        Binning.ofEdges(edges),
        counts,
        count(node, "missing"),
        number(field(node, "min"), "min"),
        number(field(node, "max"), "max"),
        number(field(node, "sd"), "sd"));
  }

  private static Signal categorical(String name, Place place, JsonNode node) {
    List<Signal.Value> values = new ArrayList<>();
    field(node, "values")
        .forEach(value ->
            values.add(new Signal.Value(field(value, "value").asText(), count(value, "count"))));
    return new Signal.Categorical(
        name, place, values, count(node, "other"), count(node, "missing"));
  }

  private static JsonNode field(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException("'" + key + "' is missing");
    }
    return value;
  }

  private static long count(JsonNode node, String key) {
    return whole(field(node, key), key);
  }

  private static long whole(JsonNode value, String key) {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException("'" + key + "' holds whole numbers");
    }
    return value.asLong();
  }

  private static double number(JsonNode value, String key) {
    if (!value.isNumber()) {
      throw new IllegalArgumentException("'" + key + "' holds numbers");
    }
    return value.asDouble();
  }
}
