package weir.config;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Tells when the content of files changes, by looking at them at an interval on one virtual thread.
 *
 * <p>What counts is the content: it is read when time, size or file key differ, and also while the
 * time is too young to tell. A missing or unreadable file is no change, nor is one that comes back
 * as it was. A half-written file may be told: who reads it refuses it whole. The content at the
 * creation is taken as known, so create the watch before the first reading. Changes are told one at
 * a time, and none after {@link #close} has returned.
 */
public final class FileWatch implements AutoCloseable {
  /** Of a larger file only the first bytes are compared and told. */
  static final int BYTES_MAX = 16 << 20;

  private static final Logger LOG = System.getLogger(FileWatch.class.getName());

  private final SequencedMap<Path, WatchedFile> files = new LinkedHashMap<>();
  private final Set<Path> unreadable = new HashSet<>();
  private final BiConsumer<Path, byte[]> onChange;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);

  FileWatch(List<Path> files, Clock clock, BiConsumer<Path, byte[]> onChange) {
    files.forEach(file -> this.files.put(file, new WatchedFile(file, BYTES_MAX, clock)));
    this.onChange = onChange;
    this.files.forEach(this::changeOf);
  }

  /** Watches one text file until closed. */
  public static FileWatch create(Path file, Duration interval, Consumer<String> onChange) {
    return createAll(
        List.of(file),
        interval,
        (path, content) -> onChange.accept(new String(content, StandardCharsets.UTF_8)));
  }

  /** Watches files until closed; a change is told with its file and content. */
  public static FileWatch createAll(
      List<Path> files, Duration interval, BiConsumer<Path, byte[]> onChange) {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("a watch's interval is positive, not " + interval);
    }
    FileWatch watch = new FileWatch(files, Clock.systemUTC(), onChange);
    Thread.ofVirtual().name("file-watch").start(() -> watch.run(interval));
    return watch;
  }

  private void run(Duration interval) {
    try {
      while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          check();
        } catch (RuntimeException e) {
          LOG.log(Level.ERROR, "a changed file could not be applied; watching goes on", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks at the files now; returns how many changes were told. */
  public int check() {
    lock.lock();
    try {
      int told = 0;
      for (Map.Entry<Path, WatchedFile> file : files.entrySet()) {
        Optional<byte[]> content =
            closed.getCount() == 0 ? Optional.empty() : changeOf(file.getKey(), file.getValue());
        if (content.isPresent()) {
          told++;
          onChange.accept(file.getKey(), content.get());
        }
      }
      return told;
    } finally {
      lock.unlock();
    }
  }

  private Optional<byte[]> changeOf(Path path, WatchedFile file) {
    try {
      Optional<byte[]> content = file.change();
      unreadable.remove(path);
      return content;
    } catch (IOException e) {
      if (unreadable.add(path)) {
        LOG.log(Level.WARNING, "cannot read the watched file " + path + "; trying on", e);
      }
      return Optional.empty();
    }
  }

  /** Stops the watch, after a change that is being told. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed.countDown();
    } finally {
      lock.unlock();
    }
  }
}
