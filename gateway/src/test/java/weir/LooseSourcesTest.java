package weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that only a script of {@code ops} compiles fit the gateway as it is now. */
class LooseSourcesTest {
  @ParameterizedTest
  @ValueSource(strings = {"ops/bench/jmh", "ops/bench/bare", "ops/bench/load", "ops/dist"})
  void sources_ofAFolder_compile(String folder, @TempDir Path out) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-nowarn",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                out.toString()));
    try (Stream<Path> files = Files.list(Path.of("..", folder))) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();

    int problems =
        ToolProvider.getSystemJavaCompiler()
            .run(null, said, said, arguments.toArray(String[]::new));

    assertThat(problems).as(said.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(out).isNotEmptyDirectory();
  }
}
