package weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import weir.access.Needs;

/** What holds in the document of each port. */
@ParameterizedClass
@ValueSource(strings = {"openapi.yaml", "openapi-admin.yaml"})
class OpenApiRulesTest {
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

  private final OpenApiDocument document;

  OpenApiRulesTest(String name) throws IOException {
    document = OpenApiDocument.read(name);
  }

  @Test
  void references_followed_allLeadSomewhere() {
    Set<String> broken = new HashSet<>();
    document.walk((_, node) -> {
      if (document.resolved(node).isMissingNode()) {
        broken.add(node.path("$ref").asText());
      }
    });

    assertThat(broken).isEmpty();
  }

  @Test
  void components_amongTheReferences_areAllUsed() {
    Set<String> used = new HashSet<>();
    document.walk((_, node) -> used.add(node.path("$ref").asText()));
    List<String> unused = new ArrayList<>();
    for (Map.Entry<String, JsonNode> kind : document.at("/components").properties()) {
      if (kind.getKey().equals("securitySchemes")) {
        continue; // used by name
      }
      for (Map.Entry<String, JsonNode> component : kind.getValue().properties()) {
        unused.add("#/components/" + kind.getKey() + "/" + component.getKey());
      }
    }
    unused.removeAll(used);

    assertThat(unused).isEmpty();
  }

  @Test
  void examples_heldAgainstTheirSchemas_allFit() {
    List<String> checked = new ArrayList<>();
    List<String> misfits = new ArrayList<>();
    document.walk((place, node) -> {
      for (JsonNode example : document.examples(node)) {
        checked.add(place);
        document
            .schema(node.has("schema") ? node.path("schema") : node)
            .validate(example)
            .forEach(error -> misfits.add(place + ": " + error));
      }
    });

    assertThat(misfits).isEmpty();
    assertThat(checked).hasSizeGreaterThan(30);
  }

  @Test
  void jsonContent_everywhere_hasAnExample() {
    List<String> bare = new ArrayList<>();
    document.walk((place, node) -> {
      if (place.endsWith("/application/json") && document.examples(node).isEmpty()) {
        bare.add(place);
      }
    });

    assertThat(bare).isEmpty();
  }

  @Test
  void answerSchemas_ofObjects_takeNoOtherField() {
    List<String> open = new ArrayList<>();
    OpenApiDocument.walk(
        document.at("/components/responses"),
        "",
        (place, node) -> {
          if (place.endsWith("/application/json/schema")) {
            collectOpen(node, open);
          }
        });

    assertThat(open).isEmpty();
  }

  private void collectOpen(JsonNode schema, List<String> open) {
    OpenApiDocument.walk(
        schema,
        "",
        (_, node) -> {
          if (node.path("type").asText().equals("object") && !node.has("additionalProperties")) {
            open.add(node.toString());
          }
          if (node.has("$ref")) {
            collectOpen(document.resolved(node), open);
          }
        });
  }

  @Test
  void refusals_ofEveryOperation_haveTheOneShape() {
    List<String> others = new ArrayList<>();
    document
        .operations()
        .forEach((operation, node) -> {
          for (Map.Entry<String, JsonNode> status : node.path("responses").properties()) {
            JsonNode content = document.resolved(status.getValue()).path("content");
            JsonNode schema = content.path("application/json").path("schema").path("$ref");
            boolean refusal =
                content.size() == 1 && schema.asText().equals("#/components/schemas/Error");
            if (refusal == status.getKey().equals("200")) {
              others.add(operation + " " + status.getKey());
            }
          }
        });

    assertThat(others).isEmpty();
  }

  @Test
  void responses_ofEveryOperation_tellWhatAnyRequestMayMeet() {
    document
        .operations()
        .forEach((operation, node) -> {
          assertThat(node.path("responses").fieldNames())
              .toIterable()
              .as(operation)
              .contains("200", "400", "405", "413", "414", "431", "500", "503");
          assertThat(document.headers(operation, "405")).as(operation).contains("Allow");
          assertThat(document.headers(operation, "503")).as(operation).contains("Retry-After");
        });
  }

  @Test
  void responses_ofEveryOperationThatIsNotForEveryone_tellWhoIsRefused() {
    document
        .operations()
        .forEach((operation, node) -> {
          String path = operation.substring(operation.indexOf(' ') + 1);
          boolean open = node.has("security") && node.path("security").isEmpty();
          assertThat(Needs.open(path)).as(operation).isEqualTo(open);
          if (!open) {
            assertThat(node.path("responses").fieldNames())
                .toIterable()
                .as(operation)
                .contains("401", "403", "429");
            assertThat(document.headers(operation, "401")).contains("WWW-Authenticate");
            assertThat(document.headers(operation, "429")).contains("Retry-After");
          }
        });
  }

  @Test
  void pathParameters_ofEveryOperation_areDeclared() {
    document
        .operations()
        .forEach((operation, node) -> {
          List<String> inPath =
              PARAMETER.matcher(operation).results().map(match -> match.group(1)).toList();
          List<String> declared = new ArrayList<>();
          for (JsonNode each : node.path("parameters")) {
            JsonNode parameter = document.resolved(each);
            if (parameter.path("in").asText().equals("path")) {
              declared.add(parameter.path("name").asText());
            }
          }
          assertThat(declared).as(operation).isEqualTo(inPath);
        });
  }

  @Test
  void operationIds_ofAllOperations_differ() {
    assertThat(document.operations().values())
        .extracting(node -> node.path("operationId").asText())
        .doesNotHaveDuplicates()
        .doesNotContain("");
  }
}
