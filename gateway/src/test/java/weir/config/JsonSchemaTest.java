package weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemaTest {
  private static final Map<String, String> DESCRIPTIONS =
      Map.of(
          "SampleSettings.Http.port", "The port that clients call.",
          "SampleSettings.Policy.Fixed.version", "The version that answers.",
          "SampleSettings.gone", "A component that is no more.");

  private static JsonNode schema() throws IOException {
    return new ObjectMapper().readTree(JsonSchema.of(SampleSettings.class, DESCRIPTIONS));
  }

  private static String golden() throws IOException {
    try (InputStream in = JsonSchemaTest.class.getResourceAsStream("sample.schema.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void of_sampleTree_isTheGoldenFile() throws IOException {
    assertThat(JsonSchema.of(SampleSettings.class, DESCRIPTIONS)).isEqualTo(golden());
  }

  @Test
  void of_sampleTree_usesKnownWordsAndResolvesEveryReference() throws IOException {
    JsonNode document = schema();
    List<String> faults = new ArrayList<>();

    checkSchema(document, document, faults);

    assertThat(faults).isEmpty();
    assertThat(document.get("$schema").asText())
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
  }

  private static void checkSchema(JsonNode schema, JsonNode document, List<String> faults) {
    Set<String> words =
        Set.of(
            "$schema",
            "$ref",
            "$defs",
            "type",
            "properties",
            "required",
            "items",
            "uniqueItems",
            "additionalProperties",
            "anyOf",
            "oneOf",
            "enum",
            "const",
            "pattern",
            "minimum",
            "minLength",
            "format",
            "default",
            "description");
    schema.fieldNames().forEachRemaining(n -> addUnless(words.contains(n), n, faults));
    if (schema.has("$ref")) {
      String pointer = schema.get("$ref").asText().substring(1);
      addUnless(document.at(pointer).isObject(), pointer, faults);
    }
    if (schema.has("properties") && schema.path("additionalProperties").asBoolean(true)) {
      faults.add("open object " + schema);
    }
    for (String list : List.of("anyOf", "oneOf")) {
      schema.path(list).forEach(part -> checkSchema(part, document, faults));
    }
    for (String map : List.of("properties", "$defs")) {
      schema.path(map).forEach(part -> checkSchema(part, document, faults));
    }
    for (String single : List.of("items", "additionalProperties")) {
      if (schema.path(single).isObject()) {
        checkSchema(schema.get(single), document, faults);
      }
    }
  }

  private static void addUnless(boolean good, String fault, List<String> faults) {
    if (!good) {
      faults.add(fault);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/$defs/SampleSettings/properties/tick/default | \"10s\"",
        "/$defs/SampleSettings/properties/limits/properties/permits/default | 4",
        "/$defs/SampleSettings.Http/properties/max-body/default | \"64MiB\"",
        "/$defs/SampleSettings.Http/properties/port/description | \"The port that clients call.\"",
        "/$defs/SampleSettings.Model/required | [\"directory\",\"policy\"]",
        "/$defs/SampleSettings.Limits/required | [\"permits\",\"deadline\"]",
        "/$defs/SampleSettings.Policy/oneOf/0/required | [\"fixed\"]",
        "/$defs/SampleSettings.Policy.Bandit/properties/half-life/default | \"1h\"",
        "/$defs/SampleSettings.Stickiness/oneOf/0/const | \"none\"",
      })
  void of_sampleTree_saysAtThatPlace(String pointer, String expected) throws IOException {
    assertThat(schema().at(pointer).toString()).isEqualTo(expected);
  }

  record Tree(List<Tree> children) {}

  @Test
  void of_recursiveRecord_refersToItself() throws IOException {
    JsonNode schema = new ObjectMapper().readTree(JsonSchema.of(Tree.class, Map.of()));

    assertThat(schema.at("/$defs/JsonSchemaTest.Tree/properties/children/items/$ref").asText())
        .isEqualTo("#/$defs/JsonSchemaTest.Tree");
  }

  @Test
  void undescribed_partlyDescribed_listsTheOthersAndTheStrays() {
    assertThat(JsonSchema.undescribed(SampleSettings.class, DESCRIPTIONS))
        .contains("SampleSettings.tick", "SampleSettings.Http.host")
        .doesNotContain("SampleSettings.Http.port", "SampleSettings.Policy.Fixed.version")
        .hasSize(26 - 2);
    assertThat(JsonSchema.strayDescriptions(SampleSettings.class, DESCRIPTIONS))
        .containsExactly("SampleSettings.gone");
  }

  @Test
  void of_unsupportedType_namesTheComponent() {
    record Wrong(char letter) {}
    assertThatThrownBy(() -> JsonSchema.of(Wrong.class, Map.of()))
        .hasMessage("settings cannot hold the type char of the component letter");
  }
}
