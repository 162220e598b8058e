package weir.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingPolicyTest {
  private static final double LAST_POSITION = 1 - 0x1p-53;

  @Test
  void at_edgesOfRanges_belongToTheRangeThatStartsThere() {
    RoutingPolicy.Split split = split(new Share("1", 1), new Share("2", 1), new Share("3", 2));

    assertThat(split.at(0).version()).isEqualTo("1");
    assertThat(split.at(Math.nextDown(0.25)).version()).isEqualTo("1");
    assertThat(split.at(0.25).version()).isEqualTo("2");
    assertThat(split.at(Math.nextDown(0.5)).version()).isEqualTo("2");
    assertThat(split.at(0.5).version()).isEqualTo("3");
    assertThat(split.at(LAST_POSITION).version()).isEqualTo("3");
  }

  @Test
  void at_zeroWeights_areNeverChosen() {
    RoutingPolicy.Split split =
        split(
            new Share("1", 0), new Share("2", 1), new Share("3", 0), new Share("4", 1), none("5"));

    assertThat(split.at(0).version()).isEqualTo("2");
    assertThat(split.at(0.5).version()).isEqualTo("4");
    assertThat(split.at(LAST_POSITION).version()).isEqualTo("4");
  }

  @Test
  void at_productThatRoundsUpToTheSum_isTheLastPositiveWeight() {
    RoutingPolicy.Split split = split(none("1"), new Share("2", Double.MIN_VALUE), none("3"));

    assertThat(split.at(LAST_POSITION).version()).isEqualTo("2");
  }

  @Test
  void at_candidateGrows_unitsMoveOnlyFromStableToCandidate() {
    RoutingPolicy.Split before = split(new Share("stable", 90), new Share("candidate", 10));
    RoutingPolicy.Split after = split(new Share("stable", 0.7), new Share("candidate", 0.3));
    int moved = 0;

    for (int i = 0; i < 100_000; i++) {
      double position = UnitHash.position(UnitHash.of(UnitHash.seed("salt"), "user-" + i));
      if (before.at(position).version().equals("candidate")) {
        assertThat(after.at(position).version()).isEqualTo("candidate");
      } else if (after.at(position).version().equals("candidate")) {
        moved++;
      }
    }

    assertThat(moved).isBetween(19_400, 20_600);
  }

  @Test
  void at_weightMovesBetweenNeighbours_othersKeepTheirUnits() {
    RoutingPolicy.Split before = split(new Share("1", 50), new Share("2", 30), new Share("3", 20));
    RoutingPolicy.Split after = split(new Share("1", 50), new Share("2", 10), new Share("3", 40));

    for (int i = 0; i < 10_000; i++) {
      double position = UnitHash.position(UnitHash.of(UnitHash.seed("salt"), i));
      String was = before.at(position).version();
      if (!was.equals("2")) {
        assertThat(after.at(position).version()).isEqualTo(was);
      }
    }
  }

  @Test
  void probability_ofSplitAndFixed_isNormalised() {
    RoutingPolicy split = split(new Share("1", 30), new Share("2", 10), none("3"));

    assertThat(split.probability("1")).isEqualTo(0.75);
    assertThat(split.probability("2")).isEqualTo(0.25);
    assertThat(split.probability("3")).isZero();
    assertThat(split.probability("4")).isZero();
    assertThat(new RoutingPolicy.Fixed("1").probability("1")).isEqualTo(1);
    assertThat(new RoutingPolicy.Fixed("1").probability("2")).isZero();
  }

  @Test
  void split_versionTwice_isRefused() {
    assertThatThrownBy(() -> split(new Share("1", 1), new Share("1", 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a split lists version '1' once, not twice");
  }

  @Test
  void split_sumNotPositiveAndFinite_isRefused() {
    assertThatThrownBy(() -> split()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> split(none("1"), none("2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the weights of a split have a positive, finite sum, not 0.0");
    assertThatThrownBy(
            () -> split(new Share("1", Double.MAX_VALUE), new Share("2", Double.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void share_weightOutOfBounds_isRefused(double weight) {
    assertThatThrownBy(() -> new Share("1", weight))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the weight of version '1' is finite and at least 0, not " + weight);
  }

  @Test
  void share_versionOutOfBounds_isRefused() {
    assertThat(new Share("é".repeat(127), 1).weight()).isEqualTo(1);
    assertThatThrownBy(() -> new Share("é".repeat(128), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a share's version has 1 to 255 bytes of UTF-8, not 'é");
    assertThatThrownBy(() -> new Share("", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RoutingPolicy.Fixed(""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static RoutingPolicy.Split split(Share... shares) {
    return new RoutingPolicy.Split(List.of(shares));
  }

  private static Share none(String version) {
    return new Share(version, 0);
  }
}
