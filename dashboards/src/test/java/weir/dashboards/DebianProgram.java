package weir.dashboards;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A program of a Debian package that tests run: the one on the {@code PATH}, else one unpacked
 * below {@code target/}, which needs no root and changes nothing outside.
 *
 * <p>A program that needs other packages' libraries is taken from the {@code PATH} only. Where
 * neither is to be had, a test that needs it is skipped, and fails when {@code CI} is {@code true}:
 * a build that is trusted must not pass with less.
 */
record DebianProgram(String name, String packageName, boolean runsUnpacked) {
  static final DebianProgram PROMETHEUS = new DebianProgram("prometheus", "prometheus", true);
  static final DebianProgram CHROMIUM = new DebianProgram("chromium", "chromium", false);
  static final DebianProgram PROMTOOL = new DebianProgram("promtool", "prometheus", true);

  private static final Path UNPACKED = Path.of("target/programs").toAbsolutePath();
  private static final long STEP_SECONDS_MAX = 120;

  /** The program's file; ends the calling test when there is none. */
  Path required() throws InterruptedException {
    try {
      return found(System.getenv().getOrDefault("PATH", ""), UNPACKED);
    } catch (IOException e) {
      String missing =
          "NOT TESTED: no program '%s'. Install Debian's package '%s' or put it on the PATH. (%s)"
              .formatted(name, packageName, e.getMessage());
      System.err.println("\n*** " + missing + "\n");
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        return Assertions.fail(missing);
      }
      return Assumptions.abort(missing);
    }
  }

  /** The program on {@code searchPath}, or else in its package unpacked into {@code folder}. */
  Path found(String searchPath, Path folder) throws IOException, InterruptedException {
    Optional<Path> present =
        Stream.concat(
                Stream.of(searchPath.split(File.pathSeparator)).map(Path::of),
                Stream.of(folder.resolve("usr/bin")))
            .map(bin -> bin.resolve(name))
            .filter(Files::isExecutable)
            .findFirst();
    if (present.isPresent()) {
      return present.get().toAbsolutePath();
    }
    if (!runsUnpacked) {
      throw new IOException("it needs the libraries of other packages");
    }
    return unpacked(folder);
  }

  private Path unpacked(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    run(folder, "apt-get", "download", packageName);
    run(folder, "dpkg", "-x", packageFile(folder).toString(), ".");
    Path program = folder.resolve("usr/bin").resolve(name);
    if (!Files.isExecutable(program)) {
      throw new IOException("the package '%s' has no such program".formatted(packageName));
    }
    return program;
  }

  private Path packageFile(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(packageName + "_"))
          .findFirst()
          .orElseThrow(
              () -> new IOException("apt-get left no file of '%s'".formatted(packageName)));
    }
  }

  private static void run(Path folder, String... command) throws IOException, InterruptedException {
    Path log = folder.resolve(command[0] + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(STEP_SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("%s took too long".formatted(List.of(command)));
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          "%s failed: %s"
              .formatted(List.of(command), Files.readString(log, StandardCharsets.UTF_8).strip()));
    }
  }
}
