package weir.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlainLinesTest {
  @Test
  void line_runWithAFailingVersion_everyFactOnOneLine() {
    assertThat(PlainLines.line(Fixtures.snapshot()))
        .isEqualTo(
            "00:12  200 requests/s, 2,397 answered, 3 failed"
                + " | version 1: 89.6 % (90.0 % wanted), 2,150 requests, 0 errors,"
                + " p50 0.81 ms, p99 4.31 ms, off by $405, 57.3 % within 10 %"
                + " | version 2: 10.4 % (10.0 % wanted), 250 requests, 3 errors,"
                + " p50 1.15 ms, p99 24 ms, off by $271, 80.0 % within 10 %"
                + " | cache hits 28.3 % | most often: 503: version 2 is overloaded");
  }

  @Test
  void line_beforeTheFirstAnswer_noFiguresOfAnswers() {
    assertThat(PlainLines.line(Fixtures.nothingYet()))
        .isEqualTo(
            "00:00  0 requests/s, 0 answered, 0 failed"
                + " | version 1: 0.0 % (100.0 % wanted), 0 requests, 0 errors");
  }

  @Test
  void openShowClose_wholeRun_addressesOnceThenLinesAndNoEscapeCodes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Display display = new PlainLines(new PrintStream(bytes, false, UTF_8), Fixtures.plan());

    display.open();
    display.show(Fixtures.snapshot());
    display.close(List.of("the end"));

    assertThat(bytes.toString(UTF_8).lines())
        .containsExactly(
            "ask: http://127.0.0.1:8000/v2/models/diamond-price/infer",
            "metrics: http://127.0.0.1:8002/metrics",
            PlainLines.line(Fixtures.snapshot()),
            "the end");
    assertThat(bytes.toString(UTF_8)).doesNotContain("\u001b");
  }
}
