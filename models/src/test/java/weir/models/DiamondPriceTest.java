package weir.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DiamondPriceTest {

  private static final List<Diamond> HELD_OUT = Diamond.heldOut();

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3"})
  void quality_heldOutRows_isAsPublished(String version) throws Exception {
    Quality published = Quality.published(version);

    Quality measured = measure(version);

    var near = withinPercentage(1);
    assertThat(measured.meanAbsoluteError()).isCloseTo(published.meanAbsoluteError(), near);
    assertThat(measured.medianAbsolutePercentageError())
        .isCloseTo(published.medianAbsolutePercentageError(), near);
    assertThat(measured.shareWithin10Percent()).isCloseTo(published.shareWithin10Percent(), near);
    assertThat(measured.rSquared()).isCloseTo(published.rSquared(), near);
  }

  @Test
  void quality_version2_isClearlyBetterThanVersion1() throws Exception {
    double linear = measure("1").meanAbsoluteError();

    double boosted = measure("2").meanAbsoluteError();

    assertThat(boosted).isLessThan(0.8 * linear);
  }

  @Test
  void quality_version3_isFarWorseThanVersion1() throws Exception {
    double linear = measure("1").meanAbsoluteError();

    double accident = measure("3").meanAbsoluteError();

    assertThat(accident).isGreaterThan(3 * linear);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3"})
  void price_unknownGrades_isAPlausiblePrice(String version) throws Exception {
    Diamond strange = HELD_OUT.getFirst().withGrades("no such grade ✧");

    try (var model = new PriceModel(version)) {
      assertThat(model.price(List.of(strange))[0]).isBetween(100.0, 50_000.0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3"})
  void price_zeroDimension_isAPlausiblePrice(String version) throws Exception {
    List<Diamond> faulty = HELD_OUT.stream().filter(Diamond::hasZeroDimension).toList();

    try (var model = new PriceModel(version)) {
      assertThat(DoubleStream.of(model.price(faulty)).boxed())
          .hasSize(6)
          .allMatch(price -> price > 100 && price < 50_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3"})
  void price_severalRows_areTheSameAsOneByOne(String version) throws Exception {
    List<Diamond> batch = HELD_OUT.subList(0, 7);

    try (var model = new PriceModel(version)) {
      double[] together = model.price(batch);

      List<Double> alone = new ArrayList<>();
      for (Diamond diamond : batch) {
        alone.add(model.price(List.of(diamond))[0]);
      }
      assertThat(together).hasSize(7);
      for (int row = 0; row < together.length; row++) {
        assertThat(together[row]).isCloseTo(alone.get(row), withinPercentage(0.001));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3"})
  void signature_everyVersion_isWhatConfigSaysWithOneBatch(String version) throws Exception {
    String config = Files.readString(Path.of("repository/diamond-price/config.pbtxt"));
    Map<String, String> written = new TreeMap<>();
    Matcher tensor =
        Pattern.compile("name: \"(\\w+)\", data_type: (\\w+), dims: \\[ -1, 1 ]").matcher(config);
    while (tensor.find()) {
      written.put(tensor.group(1), tensor.group(2));
    }

    Map<String, String> loaded = new TreeMap<>();
    try (var model = new PriceModel(version)) {
      for (var nodes : List.of(model.session().getInputInfo(), model.session().getOutputInfo())) {
        for (NodeInfo node : nodes.values()) {
          TensorInfo info = (TensorInfo) node.getInfo();
          assertThat(info.getDimensionNames()).containsExactly("batch", "");
          assertThat(info.getShape()).containsExactly(-1, 1);
          loaded.put(
              node.getName(), info.type == OnnxJavaType.STRING ? "TYPE_STRING" : "TYPE_FP32");
        }
      }
    }
    assertThat(loaded).hasSize(10).isEqualTo(written);
  }

  private static Quality measure(String version) throws Exception {
    try (var model = new PriceModel(version)) {
      return Quality.measured(HELD_OUT, model.price(HELD_OUT));
    }
  }
}
