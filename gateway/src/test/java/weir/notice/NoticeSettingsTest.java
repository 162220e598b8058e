package weir.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import weir.notice.NoticeSettings.Webhook;

class NoticeSettingsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Webhook HOOK =
      new Webhook(URI.create("http://h/x"), Set.of(), Set.of(), Optional.of(Path.of("secret")));

  @Test
  void defaults_everyKey_isAsDocumented() {
    assertThat(NoticeSettings.defaults())
        .isEqualTo(
            new NoticeSettings(
                1_000,
                32,
                Duration.ofSeconds(15),
                256,
                Duration.ofSeconds(5),
                4,
                SECOND,
                Map.of()));
  }

  @Test
  void counts_outOfBounds_areRefused() {
    for (int bad : new int[] {-1, 0, 100_001}) {
      refused(() -> new NoticeSettings(bad, 1, SECOND, 1, SECOND, 1, SECOND, Map.of()), "kept-max");
      refused(
          () -> new NoticeSettings(1, bad, SECOND, 1, SECOND, 1, SECOND, Map.of()), "streams-max");
      refused(
          () -> new NoticeSettings(1, 1, SECOND, bad, SECOND, 1, SECOND, Map.of()), "queue-max");
      refused(
          () -> new NoticeSettings(1, 1, SECOND, 1, SECOND, bad, SECOND, Map.of()), "attempts-max");
    }
    refused(
        () -> new NoticeSettings(1, 1_001, SECOND, 1, SECOND, 1, SECOND, Map.of()), "streams-max");
    refused(
        () -> new NoticeSettings(1, 1, SECOND, 1, SECOND, 11, SECOND, Map.of()), "attempts-max");
    assertThat(
            new NoticeSettings(100_000, 1_000, SECOND, 100_000, SECOND, 10, SECOND, Map.of())
                .keptMax())
        .isEqualTo(100_000);
  }

  @Test
  void durations_outOfBounds_areRefused() {
    for (Duration bad : new Duration[] {Duration.ZERO, Duration.ofMillis(60_001)}) {
      refused(() -> new NoticeSettings(1, 1, bad, 1, SECOND, 1, SECOND, Map.of()), "keep-alive");
      refused(() -> new NoticeSettings(1, 1, SECOND, 1, bad, 1, SECOND, Map.of()), "timeout");
      refused(() -> new NoticeSettings(1, 1, SECOND, 1, SECOND, 1, bad, Map.of()), "backoff");
    }
  }

  @Test
  void webhooks_badNamesOrTooMany_areRefused() {
    for (String name : new String[] {"", "A", "a b", "-a", "x".repeat(33), "stream"}) {
      refused(() -> with(Map.of(name, HOOK)), "a webhook's name");
    }
    Map<String, Webhook> many = new TreeMap<>();
    for (int i = 0; i < 17; i++) {
      many.put("hook-" + i, HOOK);
    }
    refused(() -> with(many), "webhooks");
    many.remove("hook-0");
    assertThat(with(many).webhooks()).hasSize(16);
  }

  @Test
  void url_notHttpOrWithAUser_isRefusedWithoutPrintingIt() {
    for (String url : new String[] {"ftp://h/x", "h/x", "http:///x", "https://me:hush@h/x"}) {
      assertThatThrownBy(() -> new Webhook(URI.create(url), Set.of(), Set.of(), Optional.empty()))
          .hasMessageStartingWith("url must be")
          .hasMessageNotContaining("hush");
    }
  }

  @Test
  void resolvedFrom_secretFile_startsAtTheFolder() {
    assertThat(with(Map.of("a", HOOK)).resolvedFrom(Path.of("/etc/weir")).webhooks().get("a"))
        .extracting(Webhook::secretFile)
        .isEqualTo(Optional.of(Path.of("/etc/weir/secret")));
  }

  private static NoticeSettings with(Map<String, Webhook> webhooks) {
    return new NoticeSettings(1, 1, SECOND, 1, SECOND, 1, SECOND, webhooks);
  }

  private static void refused(Runnable construction, String key) {
    assertThatThrownBy(construction::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key);
  }
}
