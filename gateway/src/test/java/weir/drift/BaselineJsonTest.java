package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BaselineJsonTest {
  private static final Baseline BASELINE =
      Diamonds.baseline(Diamonds.shuffled(1).subList(0, 2_000));

  @Test
  void read_ofWrite_isTheSameBaseline() {
    assertThat(BaselineJson.read(BaselineJson.write(BASELINE))).isEqualTo(BASELINE);
  }

  @Test
  void read_countsThatDoNotMatchEdges_namesTheSignal() {
    String text =
        BaselineJson.write(BASELINE).replaceFirst("\"counts\" : \\[ \\d+,", "\"counts\" : [");

    assertThatThrownBy(() -> BaselineJson.read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("signals[0]: 'carat': one more count than edges");
  }

  @Test
  void read_brokenFiles_saysWhatIsWrong() {
    assertThatThrownBy(() -> BaselineJson.read("{\n\"model\": ")).hasMessageContaining("line 2");
    assertThatThrownBy(() -> BaselineJson.read("{}")).hasMessage("'signals' is missing");
    assertThatThrownBy(
            () -> BaselineJson.read("{\"model\":\"m\",\"made-at\":\"yesterday\",\"signals\":[]}"))
        .hasMessageStartingWith("made-at is a time");
    assertThatThrownBy(() ->
            BaselineJson.read(
                "{\"model\":\"m\",\"made-at\":\"2026-01-31T12:00:00Z\",\"signals\":[]}"))
        .hasMessage("a baseline names a model and has at least one signal");
  }
}
