package weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import weir.config.SampleSettings.Limits;
import weir.config.SampleSettings.Model;
import weir.config.SampleSettings.Policy;
import weir.config.SampleSettings.Stickiness;

class ConfigWriterTest {
  record Texts(List<String> list, Map<String, String> map) {}

  record Cleared(Optional<String> note) {
    static Cleared defaults() {
      return new Cleared(Optional.of("usual"));
    }
  }

  record Names(Set<String> names) {}

  record Odd(Duration time, double number, long sizeBytes) {}

  private static SampleSettings full() {
    Map<String, Model> models = new LinkedHashMap<>();
    models.put("b", model(new Policy.Fixed("1"), new Stickiness.None()));
    models.put("a", model(new Policy.Split(Map.of("1", 0.1)), new Stickiness.ByHeader("null")));
    models.put("1", model(new Policy.Bandit(1e-9, Duration.ofNanos(1500)), new Stickiness.None()));
    return new SampleSettings(
        new SampleSettings.Http("::1", 0, (64L << 20) + 1, false),
        models,
        Duration.ofDays(7),
        1e300,
        Long.MIN_VALUE,
        Optional.of(URI.create("http://host:1/a?b=c#d")),
        List.of("", "yes", "10", "${HOME}", "a: b"),
        SampleSettings.Mode.ALL_AT_ONCE,
        new Limits(1, Duration.ZERO));
  }

  private static Model model(Policy policy, Stickiness stickiness) {
    return new Model(
        Path.of("models/a b"),
        policy,
        stickiness,
        Optional.of(10_000L),
        Set.of("z", "y", "x"),
        Optional.of(new Limits(3, Duration.ofMillis(250))));
  }

  private static Stream<Record> written() {
    return Stream.of(SampleSettings.defaults(), full(), new Cleared(Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("written")
  void write_settings_readBackTheSame(Record settings) {
    String text = ConfigWriter.write(settings);

    assertThat(ConfigReader.read(text, settings.getClass(), Map.of()))
        .as(text)
        .isEqualTo(new Parsed.Good<>(settings));
  }

  @Test
  void write_defaults_isPlainToRead() {
    assertThat(ConfigWriter.write(SampleSettings.defaults()))
        .isEqualTo(
            """
            http:
              host: "127.0.0.1"
              port: 8000
              max-body: 64MiB
              compress: true
            models: {}
            tick: 10s
            alpha: 0.05
            seed: 42
            collector: null
            tags:
            - demo
            mode: step-by-step
            limits:
              permits: 4
              deadline: 1s
            """);
  }

  @Test
  void write_set_isInTheOrderOfItsText() {
    Set<String> names = new LinkedHashSet<>(List.of("c", "a", "b"));

    assertThat(ConfigWriter.write(new Names(names))).isEqualTo("names:\n- a\n- b\n- c\n");
  }

  @Test
  void write_anyText_readsBackTheSame() {
    String alphabet = "ab \n\r\t:-#'\"\\${}[]*&!|>%@`~,?=<0.é€\u0085\u2028\u0007\u007f\uFEFF";
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      Map<String, String> map = new LinkedHashMap<>();
      map.put("k" + text(random, alphabet), text(random, alphabet));
      Texts texts = new Texts(List.of(text(random, alphabet), "😀" + text(random, alphabet)), map);

      String written = ConfigWriter.write(texts);

      assertThat(ConfigReader.read(written, Texts.class, Map.of()))
          .as(written)
          .isEqualTo(new Parsed.Good<>(texts));
    }
  }

  private static String text(Random random, String alphabet) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({"PT-1S,1,1", "PT1S,NaN,1", "PT1S,Infinity,1", "PT1S,1,-1"})
  void write_valueThatCannotBeRead_isRefused(Duration time, double number, long sizeBytes) {
    assertThatThrownBy(() -> ConfigWriter.write(new Odd(time, number, sizeBytes)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S,0s",
    "PT90S,90s",
    "PT60S,1m",
    "PT24H,1d",
    "PT36H,36h",
    "PT0.0015S,1500us",
    "PT0.000000001S,1ns"
  })
  void format_duration_takesTheLargestExactUnit(Duration duration, String expected) {
    assertThat(DurationText.format(duration)).isEqualTo(expected);
    assertThat(DurationText.parse(expected)).hasValue(duration);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0B",
    "1,1B",
    "1000,1KB",
    "1024,1KiB",
    "1536,1536B",
    "67108864,64MiB",
    "10000000,10MB",
    "9223372036854775807,9223372036854775807B"
  })
  void format_size_takesTheLargestExactUnit(long bytes, String expected) {
    assertThat(SizeText.format(bytes)).isEqualTo(expected);
    assertThat(SizeText.parse(expected)).hasValue(bytes);
  }
}
