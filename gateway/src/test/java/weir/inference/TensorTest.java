package weir.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void constructor_dataShorterThanShape_namesTensorAndBothSizes() {
    assertThatThrownBy(() -> new Tensor("x", Datatype.FP32, Shape.of(1, 2), Tensor.allocate(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor 'x' of FP32 [1,2] needs 8 bytes, has 4");
  }

  @Test
  void constructor_bigEndianData_isRefused() {
    assertThatThrownBy(() -> new Tensor("x", Datatype.INT8, Shape.of(1), ByteBuffer.allocate(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void strings_utf8Elements_comeBackAsGiven() {
    Tensor tensor = Tensor.ofStrings("cut", Shape.of(3, 1), "Very Good", "", "größer");

    assertThat(tensor.strings()).containsExactly("Very Good", "", "größer");
  }

  @Test
  void elements_productBeyondLong_isOpen() {
    assertThat(Shape.of(Long.MAX_VALUE, 3).elements()).isEqualTo(-1);
    assertThat(Shape.of(0, Long.MAX_VALUE).elements()).isZero();
  }

  @Test
  void fits_openDimension_takesAnySizeButNotAnotherRank() {
    assertThat(Shape.of(7, 1).fits(Shape.of(-1, 1))).isTrue();
    assertThat(Shape.of(7, 2).fits(Shape.of(-1, 1))).isFalse();
    assertThat(Shape.of(7).fits(Shape.of(-1, 1))).isFalse();
  }
}
