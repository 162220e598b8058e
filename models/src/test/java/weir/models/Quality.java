package weir.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How near a version comes to the true prices: errors in dollars and in percent, shares from 0 to
 * 1.
 */
record Quality(
    double meanAbsoluteError,
    double medianAbsolutePercentageError,
    double shareWithin10Percent,
    double rSquared) {

  /** What {@code train} measured for this version. */
  static Quality published(String version) throws IOException {
    String json = Files.readString(Path.of("repository/diamond-price/quality.json"));
    Matcher block =
        Pattern.compile("\"" + Pattern.quote(version) + "\": \\{([^}]*)}").matcher(json);
    if (!block.find()) {
      throw new IllegalArgumentException("quality.json does not know version " + version);
    }
    String numbers = block.group(1);
    return new Quality(
        number(numbers, "mean_absolute_error"),
        number(numbers, "median_absolute_percentage_error"),
        number(numbers, "share_within_10_percent"),
        number(numbers, "r_squared"));
  }

  static Quality measured(List<Diamond> diamonds, double[] prices) {
    int rows = diamonds.size();
    double meanPrice = diamonds.stream().mapToDouble(Diamond::price).average().orElseThrow();
    double[] relative = new double[rows];
    double absolute = 0;
    double squared = 0;
    double variation = 0;
    for (int row = 0; row < rows; row++) {
      double truth = diamonds.get(row).price();
      double error = Math.abs(prices[row] - truth);
      relative[row] = error / truth;
      absolute += error;
      squared += error * error;
      variation += (truth - meanPrice) * (truth - meanPrice);
    }
    Arrays.sort(relative);
    double median = (relative[(rows - 1) / 2] + relative[rows / 2]) / 2;
    double within = Arrays.stream(relative).filter(share -> share <= 0.1).count();
    return new Quality(absolute / rows, 100 * median, within / rows, 1 - squared / variation);
  }

  private static double number(String json, String key) {
    Matcher value = Pattern.compile("\"" + key + "\": ([-0-9.]+)").matcher(json);
    if (!value.find()) {
      throw new IllegalArgumentException("quality.json has no " + key);
    }
    return Double.parseDouble(value.group(1));
  }
}
