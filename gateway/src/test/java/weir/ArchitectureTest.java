package weir;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The package table and the few rules about the whole that a machine can check. */
class ArchitectureTest {
  private static final String EVERYTHING = "*";

  /** Who may use whom; the README's table says the same, and a test compares them. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("weir", Set.of(EVERYTHING)),
          entry("weir.config", Set.of()),
          entry("weir.inference", Set.of()),
          entry("weir.stats", Set.of()),
          entry("weir.admission", Set.of()),
          entry("weir.oip", Set.of("weir.inference")),
          entry("weir.routing", Set.of("weir.inference")),
          entry("weir.observation", Set.of("weir.inference", "weir.routing")),
          entry("weir.access", Set.of("weir.inference", "weir.observation")),
          entry(
              "weir.remote",
              Set.of(
                  "weir.access",
                  "weir.admission",
                  "weir.inference",
                  "weir.oip",
                  "weir.observation")),
          entry(
              "weir.backend",
              Set.of(
                  "weir.admission",
                  "weir.inference",
                  "weir.oip",
                  "weir.observation",
                  "weir.remote")),
          entry(
              "weir.serving",
              Set.of("weir.inference", "weir.routing", "weir.backend", "weir.observation")),
          entry(
              "weir.rollout",
              Set.of(
                  "weir.experiment",
                  "weir.inference",
                  "weir.journal",
                  "weir.observation",
                  "weir.routing")),
          entry("weir.journal", Set.of("weir.observation")),
          entry(
              "weir.experiment",
              Set.of("weir.inference", "weir.observation", "weir.routing", "weir.stats")),
          entry("weir.drift", Set.of("weir.inference", "weir.observation", "weir.stats")),
          entry(
              "weir.notice",
              Set.of(
                  "weir.access",
                  "weir.drift",
                  "weir.inference",
                  "weir.observation",
                  "weir.rollout")),
          entry(
              "weir.http",
              Set.of(
                  "weir.access",
                  "weir.drift",
                  "weir.experiment",
                  "weir.inference",
                  "weir.journal",
                  "weir.rollout",
                  "weir.notice",
                  "weir.oip",
                  "weir.routing",
                  "weir.observation",
                  "weir.serving")),
          entry(
              "weir.grpc",
              Set.of(
                  "weir.access", "weir.inference", "weir.observation", "weir.oip", "weir.serving")),
          entry("weir.demo", Set.of()));

  /** Which packages alone may use a library, by the prefix of its packages; the longest counts. */
  private static final Map<String, Set<String>> LIBRARIES =
      Map.ofEntries(
          entry("ai.onnxruntime", Set.of("weir.backend")),
          entry("com.github.benmanes.caffeine", Set.of("weir.access", "weir.backend")),
          entry("com.nimbusds", Set.of("weir.access")),
          entry("io.micrometer", Set.of("weir.observation", "weir")),
          entry("io.prometheus", Set.of("weir.observation", "weir")),
          entry("io.opentelemetry", Set.of("weir.observation", "weir")),
          entry("java.sql", Set.of("weir.journal")),
          entry("javax.sql", Set.of("weir.journal")),
          entry("org.sqlite", Set.of("weir.journal")),
          entry("io.helidon.common.concurrency", Set.of("weir.http")),
          entry("io.github.resilience4j", Set.of("weir.remote")),
          entry("io.grpc", Set.of("weir.grpc", "weir.remote")),
          entry("io.helidon", Set.of("weir.http", "weir")),
          entry("org.postgresql", Set.of("weir.journal")),
          entry("com.zaxxer", Set.of("weir.journal")),
          entry("org.yaml", Set.of("weir.config")),
          entry("picocli", Set.of("weir")));

  private static final int LINES_MAX = 300;
  private static final String REASON_FOR_LENGTH = "Over 300 lines because";
  private static final Path SOURCES = Path.of("src/main/java");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("weir");

  @Test
  void packages_dependencies_keepToTheTable() {
    assertThat(edges())
        .filteredOn(edge -> !mayUse(edge.from(), edge.to()))
        .describedAs("uses that the package table does not allow")
        .isEmpty();
  }

  private record Edge(String from, String to, String detail) {}

  private static List<Edge> edges() {
    List<Edge> edges = new ArrayList<>();
    for (JavaClass each : CLASSES) {
      for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
        String from = each.getPackageName();
        String to = dependency.getTargetClass().getPackageName();
        if (!from.equals(to)) {
          edges.add(new Edge(from, to, dependency.getDescription()));
        }
      }
    }
    return edges;
  }

  private static boolean mayUse(String from, String to) {
    if (!to.equals("weir") && !to.startsWith("weir.")) {
      return true;
    }
    Set<String> allowed = MAY_USE.getOrDefault(from, Set.of());
    return allowed.contains(EVERYTHING) || allowed.contains(to);
  }

  @Test
  void libraries_dependencies_stayWhereTheyBelong() {
    List<Edge> strays = new ArrayList<>();
    for (Edge edge : edges()) {
      LIBRARIES.keySet().stream()
          .filter(prefix -> (edge.to() + ".").startsWith(prefix + "."))
          .max(Comparator.comparingInt(String::length))
          .filter(prefix -> !LIBRARIES.getOrDefault(prefix, Set.of()).contains(edge.from()))
          .ifPresent(_ -> strays.add(edge));
    }
    assertThat(strays).isEmpty();
  }

  @Test
  void doors_files_areNeverOpened() {
    Set<String> touched =
        Set.of("weir.http", "weir.grpc", "weir.serving", "weir.oip", "weir.inference");

    assertThat(edges())
        .filteredOn(edge -> touched.contains(edge.from()) && !edge.detail().contains("Settings"))
        .filteredOn(
            edge -> edge.to().startsWith("java.nio.file") || edge.detail().contains("java.io.File"))
        .describedAs("what a request reaches opens files, so that a name in it could become a path")
        .isEmpty();
  }

  @Test
  void packages_all_areInTheTable() {
    Set<String> packages =
        CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());

    assertThat(packages).isEqualTo(MAY_USE.keySet());
  }

  @Test
  void packages_cycles_areNone() {
    SlicesRuleDefinition.slices().matching("weir.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void packages_all_areNullMarked() throws ClassNotFoundException {
    for (String name : MAY_USE.keySet()) {
      assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class))
          .describedAs(name)
          .isTrue();
    }
  }

  @Test
  void files_longOnes_sayWhy() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      assertThat(
              files
                  .filter(file -> file.toString().endsWith(".java"))
                  .filter(ArchitectureTest::longWithoutReason))
          .isEmpty();
    }
  }

  private static boolean longWithoutReason(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.size() > LINES_MAX
          && lines.stream().noneMatch(line -> line.contains(REASON_FOR_LENGTH));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void readme_packageTable_saysTheSame() throws IOException {
    Pattern row = Pattern.compile("\\| `(weir[a-z.]*)` \\|[^|]*\\| ([^|]*) \\|");
    Map<String, Set<String>> written = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("../README.md"))) {
      Matcher matcher = row.matcher(line);
      if (matcher.matches()) {
        written.put(matcher.group(1), Set.of(matcher.group(2).strip().split(", ")));
      }
    }
    Map<String, Set<String>> expected = new TreeMap<>();
    MAY_USE.forEach((name, allowed) -> expected.put(name, said(allowed)));

    assertThat(written).isEqualTo(expected);
  }

  private static Set<String> said(Set<String> allowed) {
    if (allowed.contains(EVERYTHING)) {
      return Set.of("everything");
    }
    return allowed.isEmpty()
        ? Set.of("–")
        : allowed.stream()
            .map(name -> name.substring("weir.".length()))
            .collect(Collectors.toSet());
  }
}
