package weir.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScreenTest {
  private final Screen screen = new Screen(Fixtures.plan(), false);

  @Test
  void lines_hundredColumns_tableWithBars() {
    assertThat(text(screen.lines(Fixtures.snapshot(), 100)))
        .isEqualTo(
            """
             Weir demo   diamond-price   00:12 of 00:30
             200 requests/s   2,397 answered   3 failed
             500 users, each has kept to one version

             version  wanted    seen              users  requests      p50      p99  errors  off by  within 10%
             1        90.0 %  89.6 %  #########|    449     2,150  0.81 ms  4.31 ms       0    $405        57 %
             2        10.0 %  10.4 %  #|........     51       250  1.15 ms    24 ms       3    $271        80 %

             cache   679 of 2,400 hit (28.3 %), 679 answers without a model, 1,718 by a model
             latest  version 1: $1,987, real $2,074, 0.64 ct Ideal F VS2
             failed  3 x 503: version 2 is overloaded

             ask      http://127.0.0.1:8000/v2/models/diamond-price/infer
             metrics  http://127.0.0.1:8002/metrics
            """);
  }

  @Test
  void lines_eightyColumns_table() {
    assertThat(text(screen.lines(Fixtures.snapshot(), 80)))
        .isEqualTo(
            """
             Weir demo   diamond-price   00:12 of 00:30
             200 requests/s   2,397 answered   3 failed
             500 users, each has kept to one version

             version  wanted    seen  requests      p50      p99  errors  off by  within 10%
             1        90.0 %  89.6 %     2,150  0.81 ms  4.31 ms       0    $405        57 %
             2        10.0 %  10.4 %       250  1.15 ms    24 ms       3    $271        80 %

             cache   679 of 2,400 hit (28.3 %)
             latest  version 1: $1,987, real $2,074, 0.64 ct Ideal F VS2
             failed  3 x 503: version 2 is overloaded

             ask      http://127.0.0.1:8000/v2/models/diamond-price/infer
             metrics  http://127.0.0.1:8002/metrics
            """);
  }

  @Test
  void lines_sixtyColumns_versionsStacked() {
    assertThat(text(screen.lines(Fixtures.snapshot(), 60)))
        .isEqualTo(
            """
             Weir demo   diamond-price   00:12 of 00:30
             200 requests/s   2,397 answered   3 failed
             500 users, each has kept to one version

             version 1   wanted 90.0 %   seen 89.6 %
               2,150 requests   p50 0.81 ms   p99 4.31 ms   0 errors
               off by $405 on average, 57 % within 10 %
             version 2   wanted 10.0 %   seen 10.4 %
               250 requests   p50 1.15 ms   p99 24 ms   3 errors
               off by $271 on average, 80 % within 10 %

             cache   679 of 2,400 hit (28.3 %)
             latest  version 1: $1,987, real $2,074, 0.64 ct Ideal F VS2
             failed  3 x 503: version 2 is overloaded

             http://127.0.0.1:8000/v2/models/diamond-price/infer
             http://127.0.0.1:8002/metrics
            """);
  }

  @Test
  void lines_beforeTheFirstAnswer_dashesInsteadOfFigures() {
    assertThat(text(screen.lines(Fixtures.nothingYet(), 80)))
        .isEqualTo(
            """
             Weir demo   diamond-price   00:00 of 00:30
             0 requests/s   0 answered   0 failed
             500 users, each has kept to one version

             version  wanted    seen  requests      p50      p99  errors  off by  within 10%
             1       100.0 %   0.0 %         0        -        -       0       -           -

             cache   the metrics cannot be read
             latest

             ask      http://127.0.0.1:8000/v2/models/diamond-price/infer
             metrics  http://127.0.0.1:8002/metrics
            """);
  }

  @Test
  void lines_lateRequestsAndMovedUsers_said() {
    Snapshot base = Fixtures.snapshot();
    Snapshot troubled =
        new Snapshot(
            base.elapsed(),
            new Snapshot.Totals(10, 0, 7, 1),
            new Snapshot.Users(500, 12),
            base.versions(),
            base.cache(),
            List.of(),
            "",
            Snapshot.Telling.NONE);

    assertThat(text(screen.lines(troubled, 80)))
        .contains("10 answered   0 failed   7 not sent: too late")
        .contains("500 users, 12 changes of version");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 60, 79, 80, 99, 100, 200})
  void lines_anyWidth_noneIsWider(int width) {
    assertThat(screen.lines(Fixtures.snapshot(), width)).allMatch(line -> line.length() <= width);
  }

  @Test
  void lines_inColor_sameTextUnderTheCodes() {
    List<String> colored = new Screen(Fixtures.plan(), true).lines(Fixtures.snapshot(), 100);

    assertThat(text(colored))
        .contains("\u001b[1;31m")
        .isNotEqualTo(text(screen.lines(Fixtures.snapshot(), 100)));
    assertThat(colored.stream().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")))
        .containsExactlyElementsOf(screen.lines(Fixtures.snapshot(), 100));
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }
}
