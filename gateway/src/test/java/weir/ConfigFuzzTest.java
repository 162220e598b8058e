package weir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import weir.config.ConfigReader;
import weir.config.Parsed;

/** Any text is a configuration or a list of problems; {@code ops/fuzz config} looks further. */
class ConfigFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void config(byte[] text) {
    Parsed<WeirSettings> parsed =
        ConfigReader.read(
            new String(text, StandardCharsets.UTF_8),
            WeirSettings.class,
            Map.of("NAME", "a", "PORT", "0"));

    if (parsed instanceof Parsed.Bad<WeirSettings> bad) {
      assertThat(bad.problems()).isNotEmpty();
      assertThat(bad.problems()).allSatisfy(each -> assertThat(each.in("weir.yaml")).isNotBlank());
    }
  }
}
