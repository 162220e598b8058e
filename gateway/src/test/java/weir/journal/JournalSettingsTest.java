package weir.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.config.ConfigReader;
import weir.config.ConfigWriter;
import weir.config.Parsed;

class JournalSettingsTest {
  private static Parsed<JournalSettings> read(String text) {
    return ConfigReader.read(text, JournalSettings.class, Map.of());
  }

  @Test
  void defaults_all_areAFileInTheStateFolder() {
    JournalSettings expected =
        new JournalSettings(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            4,
            Duration.ofSeconds(2));

    assertThat(JournalSettings.defaults()).isEqualTo(expected);
    assertThat(read("")).isEqualTo(new Parsed.Good<>(expected));
  }

  @Test
  void read_everyKey_isTaken() {
    String text =
        """
        url: postgresql://db.example:5433/weir?sslmode=verify-full
        user: weir
        password-file: secret.txt
        pool-size: 8
        connect-timeout: 500ms
        """;
    JournalSettings expected =
        new JournalSettings(
            Optional.of(URI.create("postgresql://db.example:5433/weir?sslmode=verify-full")),
            Optional.of("weir"),
            Optional.of(Path.of("secret.txt")),
            Optional.empty(),
            8,
            Duration.ofMillis(500));

    assertThat(read(text)).isEqualTo(new Parsed.Good<>(expected));
    assertThat(read(ConfigWriter.write(expected))).isEqualTo(new Parsed.Good<>(expected));
    assertThat(expected.resolvedFrom(Path.of("/etc/weir")).passwordFile())
        .hasValue(Path.of("/etc/weir/secret.txt"));
    assertThat(read("url: postgresql://db/weir\npassword-env: SECRET"))
        .isInstanceOf(Parsed.Good.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "url: mysql://db/weir",
        "url: postgresql://db",
        "url: postgresql://db/a/b",
        "url: postgresql://ada:geheim@db/weir",
        "url: postgresql://db/weir?password=geheim",
        "user: weir",
        "password-env: SECRET",
        "{url: 'postgresql://db/weir', password-file: a, password-env: B}",
        "pool-size: 0",
        "pool-size: 65",
        "connect-timeout: 249ms",
        "connect-timeout: 2501ms"
      })
  void read_outOfBounds_isRefusedWithoutTellingAPassword(String text) {
    Parsed<JournalSettings> parsed = read(text);

    assertThat(parsed).isInstanceOf(Parsed.Bad.class);
    assertThat(parsed.toString()).doesNotContain("geheim");
  }

  @Test
  void of_passwordThatIsNowhere_saysSo() {
    JournalSettings settings =
        new JournalSettings(
            Optional.of(URI.create("postgresql://db/weir")),
            Optional.of("weir"),
            Optional.empty(),
            Optional.of("SECRET"),
            4,
            Duration.ofSeconds(2));

    assertThat(PostgresServer.of(settings, Map.of("SECRET", "geheim"))).hasToString("db/weir");
    assertThatExceptionOfType(JournalUnavailableException.class)
        .isThrownBy(() -> PostgresServer.of(settings, Map.of()))
        .withMessageContaining("no variable SECRET");
  }
}
