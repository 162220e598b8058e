package weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enums with the names of a standard take its spelling too; others only the usual one. */
class StandardNamesTest {
  enum Width {
    FP32,
    BYTES
  }

  enum Plain {
    WHOLE
  }

  record Sample(Width width, Plain plain) {
    static Sample defaults() {
      return new Sample(Width.FP32, Plain.WHOLE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "BYTES"})
  void read_standardName_isTakenInBothSpellings(String width) {
    assertThat(ConfigReader.read("width: " + width, Sample.class, Map.of()))
        .isEqualTo(new Parsed.Good<>(new Sample(Width.BYTES, Plain.WHOLE)));
  }

  @Test
  void read_otherSpellings_areRefused() {
    assertThat(ConfigReader.read("width: Bytes", Sample.class, Map.of()))
        .isInstanceOf(Parsed.Bad.class);
    assertThat(ConfigReader.read("plain: WHOLE", Sample.class, Map.of()))
        .isInstanceOf(Parsed.Bad.class);
  }
}
