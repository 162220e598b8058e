package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodeLimitsTest {
  @Test
  void defaults_everyLimit_isAsDocumented() {
    assertThat(DecodeLimits.defaults())
        .isEqualTo(new DecodeLimits(16, 256, 256, 16_777_216, 1_048_576, 64, 256));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0,1,1,1,1,0,32             | max-depth is between 1 and 128, not 0
          129,1,1,1,1,0,32           | max-depth is between 1 and 128, not 129
          1,0,1,1,1,0,32             | max-inputs is between 1 and 65536, not 0
          1,65537,1,1,1,0,32         | max-inputs is between 1 and 65536, not 65537
          1,1,0,1,1,0,32             | max-outputs is between 1 and 65536, not 0
          1,1,65537,1,1,0,32         | max-outputs is between 1 and 65536, not 65537
          1,1,1,0,1,0,32             | max-elements is between 1 and 134217728, not 0
          1,1,1,134217729,1,0,32     | max-elements is between 1 and 134217728, not 134217729
          1,1,1,1,0,0,32             | max-string is between 1 and 1073741824, not 0
          1,1,1,1,1073741825,0,32    | max-string is between 1 and 1073741824, not 1073741825
          1,1,1,1,1,-1,32            | max-parameters is between 0 and 4096, not -1
          1,1,1,1,1,4097,32          | max-parameters is between 0 and 4096, not 4097
          1,1,1,1,1,0,31             | max-name-chars is between 32 and 4096, not 31
          1,1,1,1,1,0,4097           | max-name-chars is between 32 and 4096, not 4097
          """)
  void constructor_limitOutOfBounds_namesKeyAndBounds(String values, String message) {
    String[] v = values.split(",", -1);

    assertThatThrownBy(() ->
            new DecodeLimits(
                Integer.parseInt(v[0]),
                Integer.parseInt(v[1]),
                Integer.parseInt(v[2]),
                Integer.parseInt(v[3]),
                Long.parseLong(v[4]),
                Integer.parseInt(v[5]),
                Integer.parseInt(v[6])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
