package weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  private static final Instant WRITTEN = Instant.parse("2026-11-01T12:00:00Z");

  @TempDir Path directory;
  private final List<String> told = new ArrayList<>();
  private Path file = Path.of("weir.yaml");

  @BeforeEach
  void name() {
    file = directory.resolve("weir.yaml");
  }

  private FileWatch watch(Duration sinceWritten, Path... files) {
    Clock clock = Clock.fixed(WRITTEN.plus(sinceWritten), ZoneOffset.UTC);
    return new FileWatch(
        List.of(files),
        clock,
        (path, content) ->
            told.add(path.getFileName() + "=" + new String(content, StandardCharsets.UTF_8)));
  }

  private static void write(Path path, String content) throws IOException {
    Files.writeString(path, content);
    Files.setLastModifiedTime(path, FileTime.from(WRITTEN));
  }

  @Test
  void check_contentChanged_tellsTheNewContentOnce() throws IOException {
    write(file, "a: 1");
    try (FileWatch watch = watch(Duration.ofHours(1), file)) {
      assertThat(watch.check()).isZero();

      write(file, "a: 10");

      assertThat(watch.check()).isEqualTo(1);
      assertThat(watch.check()).isZero();
      assertThat(told).containsExactly("weir.yaml=a: 10");
    }
  }

  @Test
  void check_touchedOnly_isNoChange() throws IOException {
    write(file, "a: 1");
    try (FileWatch watch = watch(Duration.ofHours(1), file)) {
      Files.setLastModifiedTime(file, FileTime.from(WRITTEN.plusSeconds(60)));

      assertThat(watch.check()).isZero();
    }
  }

  @Test
  void check_sameSizeAndTimeJustWritten_comparesTheBytes() throws IOException {
    write(file, "a: 1");
    try (FileWatch watch = watch(Duration.ofSeconds(1), file)) {
      write(file, "a: 2");

      assertThat(watch.check()).isEqualTo(1);
    }
  }

  @Test
  void check_sameSizeAndTimeLongSettled_isNotRead() throws IOException {
    write(file, "a: 1");
    try (FileWatch watch = watch(Duration.ofHours(1), file)) {
      write(file, "a: 2");

      assertThat(watch.check()).isZero();
    }
  }

  @Test
  void check_replacedByRename_isAChangeThoughSizeAndTimeAreTheSame() throws IOException {
    write(file, "a: 1");
    try (FileWatch watch = watch(Duration.ofHours(1), file)) {
      Path next = directory.resolve("next.yaml");
      write(next, "a: 2");
      Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

      assertThat(watch.check()).isEqualTo(1);
    }
  }

  @Test
  void check_missing_isNoChangeNorIsItsReturn() throws IOException {
    write(file, "a: 1");
    try (FileWatch watch = watch(Duration.ofHours(1), file)) {
      Files.delete(file);
      assertThat(watch.check()).isZero();

      write(file, "a: 1");
      assertThat(watch.check()).isZero();

      write(file, "a: 12");
      assertThat(watch.check()).isEqualTo(1);
    }
  }

  @Test
  void check_missingAtCreation_isAChangeWhenItAppears() throws IOException {
    try (FileWatch watch = watch(Duration.ofHours(1), file)) {
      write(file, "a: 1");

      assertThat(watch.check()).isEqualTo(1);
    }
  }

  @Test
  void check_directoryInItsPlace_isNoChange() throws IOException {
    try (FileWatch watch = watch(Duration.ofHours(1), file)) {
      Files.createDirectory(file);

      assertThat(watch.check()).isZero();
    }
  }

  @Test
  void check_severalFiles_tellsThoseThatChanged() throws IOException {
    Path other = directory.resolve("keys.yaml");
    write(file, "a");
    write(other, "b");
    try (FileWatch watch = watch(Duration.ofHours(1), file, other)) {
      write(other, "bb");

      assertThat(watch.check()).isEqualTo(1);
      assertThat(told).containsExactly("keys.yaml=bb");
    }
  }

  @Test
  void check_fileBeyondTheBound_tellsItsFirstBytes() throws IOException {
    try (FileWatch watch = watch(Duration.ofHours(1), file)) {
      Files.write(file, new byte[FileWatch.BYTES_MAX + 1]);

      assertThat(watch.check()).isEqualTo(1);
      assertThat(told.getFirst().length()).isEqualTo("weir.yaml=".length() + FileWatch.BYTES_MAX);
    }
  }

  @Test
  void check_afterClose_tellsNothing() throws IOException {
    write(file, "a");
    FileWatch watch = watch(Duration.ofHours(1), file);
    watch.close();
    write(file, "ab");

    assertThat(watch.check()).isZero();
  }

  @Test
  void create_consumerFails_watchesOn() throws Exception {
    write(file, "a");
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    try (FileWatch watch =
        FileWatch.create(
            file,
            Duration.ofMillis(1),
            text -> {
              received.add(text);
              if (text.equals("ab")) {
                throw new IllegalStateException("half-written");
              }
            })) {
      write(file, "ab");
      assertThat(nextWhole(received)).isEqualTo("ab");

      write(file, "abc");
      assertThat(nextWhole(received)).isEqualTo("abc");
      assertThat(watch.check()).isZero();
    }
  }

  /** A file is empty for a moment while it is written, which a fast watch may see. */
  private static String nextWhole(BlockingQueue<String> received) throws InterruptedException {
    String text = "";
    while (text.isEmpty()) {
      text = String.valueOf(received.poll(20, TimeUnit.SECONDS));
    }
    return text;
  }

  @Test
  void create_intervalNotPositive_isRefused() {
    assertThatThrownBy(() -> FileWatch.create(file, Duration.ZERO, text -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a watch's interval is positive, not PT0S");
  }
}
