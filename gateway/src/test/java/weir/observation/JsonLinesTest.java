package weir.observation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  private final JsonLines lines = new JsonLines(() -> "");

  @Test
  void format_plainRecord_hasTimeLevelLoggerAndMessage() {
    LogRecord line = line("started on {0}");
    line.setParameters(new Object[] {"8000"});

    assertThat(lines.format(line))
        .isEqualTo(
            "{\"time\":\"2026-11-01T12:00:00.123456Z\",\"level\":\"INFO\","
                + "\"logger\":\"weir\",\"message\":\"started on 8000\"}\n");
  }

  @Test
  void format_textThatWouldBreakTheLine_staysOneLineOfJson() throws IOException {
    String evil = "a\"b\\c\n{\"level\":\"FORGED\"}\u0000\u2028\ud800";
    LogRecord line = line(evil);
    line.setThrown(new IllegalStateException(evil));

    String written = lines.format(line);

    assertThat(written.lines()).hasSize(1);
    JsonNode json = new ObjectMapper().readTree(written);
    assertThat(json.path("level").textValue()).isEqualTo("INFO");
    assertThat(json.path("message").textValue()).isEqualTo(evil);
    assertThat(json.path("throwable").textValue()).startsWith("java.lang.IllegalStateException");
  }

  @Test
  void format_onThreadOfSampledTrace_tellsItsId() {
    String written = new JsonLines(() -> Observations.TRACE).format(line("slow"));

    assertThat(written).endsWith(",\"trace_id\":\"" + Observations.TRACE + "\"}\n");
  }

  @Test
  void format_fields_writesNumbersAsNumbersAndTheRestAsText() throws IOException {
    LogRecord line = line("done");
    line.setParameters(new Object[] {Map.of("count", 3, "ratio", Double.NaN, "who", "a\"b")});

    JsonNode json = new ObjectMapper().readTree(lines.format(line));

    assertThat(json.path("count").intValue()).isEqualTo(3);
    assertThat(json.path("ratio").textValue()).isEqualTo("NaN");
    assertThat(json.path("who").textValue()).isEqualTo("a\"b");
  }

  @Test
  void format_endlessTexts_areCut() {
    LogRecord line = line("m".repeat(100_000));
    line.setThrown(new IllegalStateException("t".repeat(100_000)));

    assertThat(lines.format(line).length()).isLessThan(8192 + 16_384 + 300);
  }

  private static LogRecord line(String message) {
    LogRecord line = new LogRecord(Level.INFO, message);
    line.setInstant(Instant.parse("2026-11-01T12:00:00.123456789Z"));
    line.setLoggerName("weir");
    return line;
  }
}
