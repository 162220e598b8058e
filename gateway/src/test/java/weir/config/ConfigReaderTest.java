package weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.config.SampleSettings.Limits;
import weir.config.SampleSettings.Mode;
import weir.config.SampleSettings.Model;
import weir.config.SampleSettings.Policy;
import weir.config.SampleSettings.Stickiness;

class ConfigReaderTest {
  record Numbers(Optional<Integer> i, Optional<Long> l, Optional<Double> d, Optional<Boolean> b) {}

  record Words(Optional<String> text, List<String> list, Map<String, List<Integer>> map) {}

  record Quantities(Optional<Duration> time, Optional<Long> sizeBytes) {}

  private static <T extends Record> T good(String text, Class<T> root) {
    return good(text, root, Map.of());
  }

  private static <T extends Record> T good(String text, Class<T> root, Map<String, String> env) {
    return switch (ConfigReader.read(text, root, env)) {
      case Parsed.Good<T>(T settings) -> settings;
      case Parsed.Bad<T>(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# only a comment\n", "---\n", "{}", "\uFEFF", "~"})
  void read_nothingSet_givesTheDefaults(String text) {
    assertThat(good(text, SampleSettings.class)).isEqualTo(SampleSettings.defaults());
  }

  @Test
  void read_everyKeySet_givesEveryValue() {
    SampleSettings settings =
        good(
            """
            http: {host: 0.0.0.0, port: 80, max-body: 10KB, compress: false}
            models:
              diamond-price:
                directory: models/diamond
                policy:
                  split:
                    1: 90
                    2: 1e1
                stickiness: {by-header: x-user}
                cache: 64MiB
                groups: [b, a]
                limits: {permits: 2, deadline: 250ms}
              fraud:
                directory: /srv/fraud
                policy: {bandit: {half-life: 7d}}
            tick: 5m
            alpha: 0.001
            seed: -7
            collector: http://127.0.0.1:4317
            tags: []
            mode: all-at-once
            limits: {permits: 9, deadline: 1h}
            """,
            SampleSettings.class);

    assertThat(settings)
        .isEqualTo(
            new SampleSettings(
                new SampleSettings.Http("0.0.0.0", 80, 10_000, false),
                Map.of(
                    "diamond-price",
                    new Model(
                        Path.of("models/diamond"),
                        new Policy.Split(Map.of("1", 90.0, "2", 10.0)),
                        new Stickiness.ByHeader("x-user"),
                        Optional.of(64L << 20),
                        Set.of("a", "b"),
                        Optional.of(new Limits(2, Duration.ofMillis(250)))),
                    "fraud",
                    new Model(
                        Path.of("/srv/fraud"),
                        new Policy.Bandit(0.1, Duration.ofDays(7)),
                        new Stickiness.None(),
                        Optional.empty(),
                        Set.of(),
                        Optional.empty())),
                Duration.ofMinutes(5),
                0.001,
                -7,
                Optional.of(URI.create("http://127.0.0.1:4317")),
                List.of(),
                Mode.ALL_AT_ONCE,
                new Limits(9, Duration.ofHours(1))));
    assertThat(settings.models().keySet()).containsExactly("diamond-price", "fraud");
  }

  @Test
  void read_nestedRecordInPart_takesTheRestFromTheEnclosingDefault() {
    SampleSettings settings = good("limits: {permits: 7}\nhttp: {port: 1}", SampleSettings.class);

    assertThat(settings.limits()).isEqualTo(new Limits(7, Duration.ofSeconds(1)));
    assertThat(settings.http()).isEqualTo(new SampleSettings.Http("127.0.0.1", 1, 64L << 20, true));
  }

  @ParameterizedTest
  @CsvSource({"i: 10", "i: -0", "i: +7", "i: 2147483647", "l: -9223372036854775808"})
  void read_wholeNumber_isTaken(String text) {
    assertThat(ConfigReader.read(text, Numbers.class, Map.of())).isInstanceOf(Parsed.Good.class);
  }

  @ParameterizedTest
  @CsvSource({"10,10", "-1.5,-1.5", ".5,0.5", "1.,1", "1e-3,0.001", "1.0E+2,100", "!!float 3,3"})
  void read_number_isTaken(String text, double expected) {
    assertThat(good("d: " + text, Numbers.class).d()).hasValue(expected);
  }

  @ParameterizedTest
  @CsvSource({"1", "1.0", "010", "true", "yes", "2026-11-01", "'1'", "\"1\"", "!!str 1", "a b"})
  void read_textThatLooksOtherwise_staysAsWritten(String text) {
    String bare = text.replace("!!str ", "").replaceAll("['\"]", "");

    assertThat(good("text: " + text, Words.class).text()).hasValue(bare);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text:", "text: ~", "text: null", "text: ${UNSET:-}", "{}"})
  void read_optionalWithoutValue_isEmpty(String text) {
    assertThat(good(text, Words.class).text()).isEmpty();
  }

  @Test
  void read_optionalQuotedEmpty_isTheEmptyText() {
    assertThat(good("text: ''", Words.class).text()).hasValue("");
  }

  @Test
  void read_alias_repeatsTheAnchor() {
    Words words = good("map:\n  a: &x [1, 2]\n  b: *x\n", Words.class);

    assertThat(words.map())
        .containsExactly(Map.entry("a", List.of(1, 2)), Map.entry("b", List.of(1, 2)));
  }

  @Test
  void read_map_keepsTheOrderOfTheFile() {
    assertThat(good("map: {z: [], 1: [], a: [], ~: []}", Words.class).map().keySet())
        .containsExactly("z", "1", "a", "~");
  }

  @ParameterizedTest
  @CsvSource({
    "0s,PT0S",
    "1ns,PT0.000000001S",
    "3us,PT0.000003S",
    "250ms,PT0.25S",
    "30s,PT30S",
    "5m,PT5M",
    "1h,PT1H",
    "7d,PT168H",
    "106751d,PT2562024H"
  })
  void read_duration_isTaken(String text, Duration expected) {
    assertThat(good("time: " + text, Quantities.class).time()).hasValue(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "4096,4096",
    "7B,7",
    "10KB,10000",
    "1KiB,1024",
    "64MiB,67108864",
    "2GB,2000000000",
    "1TiB,1099511627776",
    "'10',10"
  })
  void read_size_isTakenUnderTheKeyWithoutItsUnit(String text, long expected) {
    assertThat(good("size: " + text, Quantities.class).sizeBytes()).hasValue(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "i: ${PORT} | 80",
        "i: \"${PORT}\" | 80",
        "{i: '${PORT}'} | 80",
        "i: ${NONE:-81} | 81",
        "i: ${EMPTY:-82} | 82",
        "i: ${PORT}${PORT} | 8080",
        "i: 1${EMPTY}2 | 12"
      })
  void read_variable_isTypedAfterItIsReplaced(String text, int expected) {
    Map<String, String> environment = Map.of("PORT", "80", "EMPTY", "");

    assertThat(good(text, Numbers.class, environment).i()).hasValue(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$${NAME} | ${NAME}",
        "$$${NAME} | $${NAME}",
        "a $ b $NAME | a $ b $NAME",
        "${NAME} and $${NAME} | w and ${NAME}",
        "${UNSET:-x:y} | x:y",
        "${ODD} | {a: [b"
      })
  void read_dollarSigns_areTextUnlessTheyNameAVariable(String written, String expected) {
    Map<String, String> environment = Map.of("NAME", "w", "ODD", "{a: [b");

    assertThat(good("text: '" + written + "'", Words.class, environment).text()).hasValue(expected);
  }

  record NotSettings(Thread thread) {}

  record SameKey(long maxBytes, int max) {}

  @Test
  void read_recordOutsideTheConvention_isRefusedAsAFaultOfTheProgram() {
    assertThatThrownBy(() -> ConfigReader.read("{}", NotSettings.class, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("settings cannot hold the type java.lang.Thread of the component thread");
    assertThatThrownBy(() -> ConfigReader.read("{}", SameKey.class, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has the key of max twice");
  }
}
