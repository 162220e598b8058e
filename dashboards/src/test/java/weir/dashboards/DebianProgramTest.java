package weir.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianProgramTest {
  @TempDir private Path folder;

  @Test
  void program_onThePath_isTakenFromThere() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path program = Files.createFile(bin.resolve("promtool"));
    assertThat(program.toFile().setExecutable(true)).isTrue();

    assertThat(DebianProgram.PROMTOOL.found("/nowhere:" + bin, folder)).isEqualTo(program);
  }

  @Test
  void program_unpackedBefore_isTakenFromThere() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("usr/bin"));
    Path program = Files.createFile(bin.resolve("promtool"));
    assertThat(program.toFile().setExecutable(true)).isTrue();

    assertThat(DebianProgram.PROMTOOL.found("/nowhere", folder)).isEqualTo(program);
  }

  @Test
  void program_ofNoPackage_isRefusedWithTheStepThatFailed() {
    DebianProgram unknown = new DebianProgram("weir-unknown", "weir-unknown", true);

    assertThatIOException()
        .isThrownBy(() -> unknown.found("/nowhere", folder))
        .withMessageContaining("apt-get");
  }
}
