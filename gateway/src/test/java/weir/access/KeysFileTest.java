package weir.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysFileTest {
  @TempDir private Path folder;

  private static ApiKey.Fresh key(String name) {
    return ApiKey.create(
        name,
        Grant.all("infer:m,operate"),
        new SecureRandom(),
        Instant.parse("2026-11-01T00:00:00Z"));
  }

  @Test
  void add_newFile_isForItsOwnerAloneAndHoldsNoSecret() throws Exception {
    Path path = folder.resolve("access.keys");
    ApiKey.Fresh fresh = key("ci");
    new KeysFile(path).add(fresh.key());

    assertThat(Files.readString(path)).doesNotContain(fresh.secret()).contains(fresh.key().hash());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    assertThat(new KeysFile(path).keys()).containsExactly(fresh.key());
  }

  @Test
  void revoke_ofAName_leavesTheOthersAndTheComments() throws Exception {
    Path path = folder.resolve("access.keys");
    Files.writeString(path, "# ours\n");
    KeysFile file = new KeysFile(path);
    ApiKey stays = key("ops").key();
    file.add(key("ci").key());
    file.add(stays);
    file.add(key("ci").key());

    assertThat(file.revoke("ci")).hasSize(2);
    assertThat(file.keys()).containsExactly(stays);
    assertThat(Files.readString(path)).startsWith("# ours\n");
    assertThat(file.revoke("nobody")).isEmpty();
  }

  @Test
  void parse_brokenLine_isNamed() {
    ApiKey good = key("ci").key();

    assertThatThrownBy(() -> KeysFile.parse("# a\n" + good.line() + "\nrubbish\n"))
        .hasMessageContaining("line 3");
    assertThatThrownBy(() -> KeysFile.parse(good.line() + "\n" + good.line()))
        .hasMessageContaining("line 2")
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> KeysFile.parse(good.line().replace("infer:", "infre:")))
        .hasMessageContaining("there is no role 'infre'");
  }

  @Test
  void is_anyOtherText_isNotTheKey() {
    ApiKey.Fresh fresh = key("ci");

    assertThat(ApiKey.idOf(fresh.secret())).isEqualTo(fresh.key().id());
    assertThat(fresh.key().is(fresh.secret())).isTrue();
    assertThat(fresh.key().is(fresh.secret() + "A")).isFalse();
    assertThat(fresh.key().is("")).isFalse();
    assertThat(ApiKey.idOf("weir_")).isEmpty();
  }
}
