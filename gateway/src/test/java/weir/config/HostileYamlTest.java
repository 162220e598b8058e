package weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileYamlTest {
  record Node(Map<String, Node> map, List<Node> list, Optional<String> text) {}

  private static List<Problem> problems(String text) {
    return switch (ConfigReader.read(text, Node.class, Map.of())) {
      case Parsed.Good<Node> _ -> List.of();
      case Parsed.Bad<Node>(List<Problem> found) -> found;
    };
  }

  private static String laughs(int levels, int references) {
    StringBuilder text = new StringBuilder("map:\n  l0: &l0 {text: lol}\n");
    for (int i = 1; i <= levels; i++) {
      String alias = "*l" + (i - 1) + ",";
      text.append("  l" + i + ": &l" + i + " {list: [" + alias.repeat(references) + "]}\n");
    }
    return text.toString();
  }

  private static Stream<Arguments> hostile() {
    return Stream.of(
        Arguments.of("billion laughs", laughs(9, 10), 7, "more than 50000 values"),
        Arguments.of("few references, many levels", laughs(40, 2), 14, "more than 50000 values"),
        Arguments.of("long text repeated", longTextRepeated(), 16, "more than 50000 values"),
        Arguments.of("list in itself", "list: &a [*a]", 1, "no anchor &a ends before this alias"),
        Arguments.of("unknown alias", "list: *a", 1, "no anchor &a"),
        Arguments.of("deep flow", "\n[".repeat(100_000), 53, "nested deeper than 50 levels"),
        Arguments.of("deep block", deepBlock(), 52, "nested deeper than 50 levels"),
        Arguments.of("deep on one line", "- ".repeat(100_000), 1, "nested deeper than 50 levels"),
        Arguments.of("deep keys", "? ".repeat(100_000), 1, "nested deeper than 50 levels"),
        Arguments.of("huge", "a".repeat(1 << 20) + ": 1", 1, "larger than 1 MiB"),
        Arguments.of("huge in bytes", "ß".repeat((1 << 19) + 1), 1, "larger than 1 MiB"),
        Arguments.of("many values", "list: [" + "1,".repeat(60_000), 1, "more than 50000 values"),
        Arguments.of("binary tag", "text: !!binary aGVsbG8=", 1, "the tag \"!!binary\" is refused"),
        Arguments.of("class tag", "!!javax.script.ScriptEngineManager []", 1, "the tag"),
        Arguments.of("local tag", "\ntext: !env HOME", 2, "the tag \"!env\" is refused"),
        Arguments.of("set tag", "map: !!set {a, b}", 1, "the tag \"!!set\" is refused"),
        Arguments.of("tag of a key", "!!binary text: a", 1, "the tag \"!!binary\" is refused"),
        Arguments.of("mismatched tag", "map: !!seq {}", 1, "the tag \"!!seq\" is refused"),
        Arguments.of("merge key", "map:\n  a: &a {}\n  b:\n    <<: *a\n", 4, "merge keys (<<)"),
        Arguments.of("tab", "map:\n\ta: 1", 2, "is not YAML"),
        Arguments.of("open quote", "text: \"abc", 1, "is not YAML"),
        Arguments.of("bad indentation", "map:\n    a: {}\n  b: {}\n", 3, "is not YAML"),
        Arguments.of("control character", "\ntext: a\u0000b", 2, "forbidden character U+0000"),
        Arguments.of("second document", "---\n{}\n---\n{}\n", 3, "a second document"),
        Arguments.of("map as key", "map: {{a: b}: {}}", 1, "a key that is not a text"),
        Arguments.of("empty key", "map:\n  '': {}", 2, "an empty key"),
        Arguments.of("duplicate in quotes", "map: {1: {}, '1': {}}", 1, "given twice"),
        Arguments.of("directive", "%YAML 3.0\n---\n{}", 1, "is not YAML"),
        Arguments.of("lone percent", "%", 1, "is not YAML"),
        Arguments.of("unfinished anchor", "text: &", 1, "is not YAML"));
  }

  private static String longTextRepeated() {
    return "list:\n- &t {text: " + "x".repeat(900_000) + "}\n" + "- *t\n".repeat(20_000);
  }

  private static String deepBlock() {
    StringBuilder text = new StringBuilder();
    for (int depth = 0; depth < 60; depth++) {
      text.append(" ".repeat(depth)).append("map:\n");
    }
    return text.toString();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void read_hostileText_isOneProblemAtItsLine(String name, String text, int line, String expected) {
    List<Problem> problems = problems(text);

    assertThat(problems).as(name).hasSize(1);
    assertThat(problems.getFirst().message()).contains(expected);
    assertThat(problems.getFirst().line()).isEqualTo(line);
  }

  @Test
  void read_keyWithControlCharacters_isShownOnOneLine() {
    assertThat(problems("\"a\\nb\\e[31m\": 1"))
        .singleElement()
        .satisfies(p -> assertThat(p.toString().lines()).hasSize(1))
        .satisfies(p -> assertThat(p.toString()).contains("\"a?b?[31m\""));
  }

  @Test
  void read_brokenTexts_neverThrow() {
    String alphabet = "ab:-[]{},&*!|>'\"%@`#?~<$\n\t .0123";
    Random random = new Random(20261101);
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder("map: ");
      for (int i = random.nextInt(40); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }

      assertThat(ConfigReader.read(text.toString(), Node.class, Map.of())).isNotNull();
    }
  }
}
