package weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.common.buffers.DataReader;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class ForgetfulReaderTest {
  @Test
  void read_piecesThatWereRead_arePointedToByNoneBefore() throws Exception {
    Queue<byte[]> pieces = new ArrayDeque<>(List.of(piece("first"), piece("second")));
    DataReader reader = ForgetfulReader.of(pieces::poll);
    assertThat(reader.readAsciiString(5)).isEqualTo("first");
    Object first = head(reader);
    WeakReference<byte[]> second = new WeakReference<>(pieces.peek());

    assertThat(reader.readAsciiString(6)).isEqualTo("second");
    pieces.add(piece("third"));
    assertThat(reader.readAsciiString(5)).isEqualTo("third");

    assertThat(collected(second)).isTrue();
    assertThat(first).isNotNull();
  }

  @Test
  void read_acrossPieces_isOneText() {
    Queue<byte[]> pieces =
        new ArrayDeque<>(
            List.of(piece("GET / HT"), piece("TP/1.1\r"), piece("\nHost"), piece(":")));
    DataReader reader = ForgetfulReader.of(pieces::poll);

    assertThat(reader.readLine()).isEqualTo("GET / HTTP/1.1");
    assertThat(reader.available()).isEqualTo(4);
    assertThat(reader.getBuffer(5).readString(5)).isEqualTo("Host:");
    assertThat(reader.readAsciiString(5)).isEqualTo("Host:");
    assertThat(reader.available()).isZero();
  }

  /** A method that the server's reader gets one day has to be passed on as well. */
  @Test
  void methods_ofTheServersReader_areAllPassedOn() {
    List<String> own =
        Arrays.stream(ForgetfulReader.class.getDeclaredMethods())
            .map(ForgetfulReaderTest::signature)
            .toList();

    assertThat(
            Arrays.stream(DataReader.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !method.getName().equals("listener")) // asked by nothing
                .map(ForgetfulReaderTest::signature))
        .isNotEmpty()
        .isSubsetOf(own);
  }

  private static byte[] piece(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String signature(Method method) {
    return method.getName() + Arrays.toString(method.getParameterTypes());
  }

  /** The server's own piece, which a collection finds where it has become old. */
  private static Object head(DataReader reader) throws ReflectiveOperationException {
    Field inner = ForgetfulReader.class.getDeclaredField("inner");
    inner.setAccessible(true);
    Field head = DataReader.class.getDeclaredField("head");
    head.setAccessible(true);
    return head.get(inner.get(reader));
  }

  private static boolean collected(WeakReference<?> reference) {
    for (int i = 0; i < 100 && reference.get() != null; i++) {
      System.gc();
    }
    return reference.get() == null;
  }
}
