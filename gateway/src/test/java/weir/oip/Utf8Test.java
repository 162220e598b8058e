package weir.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8Test {
  @ParameterizedTest
  @CsvSource({
    "'',-1",
    "6162,-1",
    "616263646566676869c3a9,-1",
    "7f c280 dfbf e0a080 ed9fbf ee8080 efbfbf f0908080 f48fbfbf,-1",
    "61 80,1",
    "61 c0af,1",
    "c1bf,0",
    "e09fbf,0",
    "eda080,0",
    "edbfbf,0",
    "f08fbfbf,0",
    "f4908080,0",
    "f5808080,0",
    "ff,0",
    "6162636465666768 69 c3,9",
    "e282,0",
    "c328,0",
    "f09f9880 f09f98,4"
  })
  void firstInvalid_bytes_isTheStartOfWhatIsNoCharacter(String hex, int expected) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

    assertThat(Utf8.firstInvalid(bytes, 0, bytes.length)).isEqualTo(expected);
  }

  @Test
  void firstInvalid_randomBytes_agreesWithTheJdk() {
    Random random = new Random(3);
    int[] leads = {0x41, 0x80, 0x9F, 0xA0, 0xBF, 0xC2, 0xE0, 0xE2, 0xED, 0xF0, 0xF4};
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = new byte[1 + random.nextInt(12)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) leads[random.nextInt(leads.length)];
      }
      assertThat(Utf8.firstInvalid(bytes, 0, bytes.length) == -1).isEqualTo(decodes(bytes));
    }
  }

  private static boolean decodes(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
