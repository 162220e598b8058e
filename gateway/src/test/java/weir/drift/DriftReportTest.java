package weir.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftReportTest {
  @Test
  void json_closedSets_areWrittenAsTheirWords() throws Exception {
    ObjectMapper json = new ObjectMapper();

    assertThat(json.writeValueAsString(List.of(DriftStatus.values())))
        .isEqualTo("[\"ok\",\"insufficient\",\"warn\",\"drift\"]");
    assertThat(json.writeValueAsString(List.of(SignalDrift.Share.Kind.values())))
        .isEqualTo("[\"missing\",\"out_of_range\",\"unseen\"]");
    assertThat(json.writeValueAsString(List.of(Place.Side.values())))
        .isEqualTo("[\"input\",\"output\"]");
  }
}
