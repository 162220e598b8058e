package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a document names a test as its proof, that test is there. */
class PromisesTest {
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Test)(?:[.#](\\w+))?`");
  private static final Path TESTS = Path.of("src/test/java");

  @ParameterizedTest
  @ValueSource(strings = {"../README.md", "../.github/SECURITY.md"})
  void document_testsThatItNames_areThere(String document) throws IOException {
    Map<String, String> tests = tests();
    List<String> missing = new ArrayList<>();
    Matcher named = NAMED.matcher(Files.readString(Path.of(document)));
    while (named.find()) {
      String source = tests.get(named.group(1));
      String method = named.group(2);
      if (source == null || (method != null && !source.contains(" " + method + "("))) {
        missing.add(named.group());
      }
    }

    assertThat(missing).isEmpty();
  }

  private static Map<String, String> tests() throws IOException {
    Map<String, String> tests = new HashMap<>();
    try (Stream<Path> files = Files.walk(TESTS)) {
      for (Path file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        tests.merge(name, Files.readString(file), String::concat);
      }
    }
    return tests;
  }
}
