package weir.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentTest {
  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
  void assignment_probabilityOutOfBounds_isRefused(double probability) {
    assertThatThrownBy(() -> new Assignment("1", probability, 0, Because.SPLIT, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the probability of an assignment is in (0, 1], not " + probability);
  }

  @Test
  void assignment_withoutVersion_isRefused() {
    assertThatThrownBy(() -> new Assignment("", 1, 0, Because.FIXED, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void label_ofEveryReason_isLowerCase() {
    assertThat(Because.values())
        .extracting(Because::label)
        .containsExactly("matched", "pinned", "fixed", "split", "bandit", "fallback");
  }
}
