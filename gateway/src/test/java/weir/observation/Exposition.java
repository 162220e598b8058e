package weir.observation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A scrape in text 0.0.4 or OpenMetrics, read line by line. */
final class Exposition {
  /** One line of a value. */
  record Sample(String name, Map<String, String> labels, double value, String exemplar) {}

  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*?)})? (\\S+)(?: # (.*))?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, String> helps = new LinkedHashMap<>();
  private final List<Sample> samples = new ArrayList<>();

  static Exposition of(String body) {
    Exposition read = new Exposition();
    body.lines().forEach(read::line);
    return read;
  }

  Map<String, String> types() {
    return types;
  }

  Map<String, String> helps() {
    return helps;
  }

  List<Sample> samples() {
    return samples;
  }

  /** The value of the one series of that name whose labels, in order, have those values. */
  double value(String name, String... labelValues) {
    List<Sample> found =
        samples.stream()
            .filter(sample -> sample.name().equals(name))
            .filter(sample -> List.copyOf(sample.labels().values()).equals(List.of(labelValues)))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(
          "%d series %s%s in%n%s".formatted(found.size(), name, List.of(labelValues), samples));
    }
    return found.getFirst().value();
  }

  /** All label names of a family's series, a histogram's {@code le} apart. */
  Set<String> labelNames(String family) {
    Set<String> names = new LinkedHashSet<>();
    samples.stream()
        .filter(sample -> sample.name().replaceFirst("_(bucket|count|sum)$", "").equals(family))
        .forEach(sample -> names.addAll(sample.labels().keySet()));
    names.remove("le");
    return names;
  }

  private void line(String line) {
    if (line.startsWith("#")) {
      String[] words = line.split(" ", 4);
      if (words[1].equals("TYPE")) {
        types.put(words[2], words[3]);
      } else if (words[1].equals("HELP")) {
        helps.put(words[2], words[3]);
      }
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new AssertionError("not a sample: " + line);
    }
    Map<String, String> labels = new LinkedHashMap<>();
    if (sample.group(2) != null) {
      Matcher label = LABEL.matcher(sample.group(2));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    String exemplar = sample.group(4);
    samples.add(
        new Sample(
            sample.group(1),
            labels,
            Double.parseDouble(sample.group(3).replace("Inf", "Infinity")),
            exemplar == null ? "" : exemplar));
  }
}
