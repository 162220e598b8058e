package weir.http;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.observation.CutReason;

/**
 * Reads along with a client's HTTP/2 frames, and bounds what the server does not: the time for a
 * block of headers and for the body of a stream, the parts of a block, frames that only cost work,
 * and bytes beyond the window (RFC 9113).
 *
 * <p>A stream that is too slow is reset on both sides: the client is told by a frame; the server
 * reads one as if from the client, and none of the stream's later frames. It reads when bytes come,
 * so a ping asks for some.
 *
 * <p>The connection's thread reads, any thread writes, the watch asks.
 */
final class FrameGuard {
  private static final int BLOCK_PARTS_MAX = 64;
  private static final int STREAMS_MAX = 1_000;
  private static final int RESETS_KEPT = 200;
  private static final int COSTLY_MAX = 1_000;
  private static final long COSTLY_WINDOW_NANOS = 10_000_000_000L;

  /** A request whose end has not come. */
  private record Open(long since, long progress) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, Open> open = new HashMap<>();
  private final Set<Integer> resetting = new LinkedHashSet<>();
  private final Set<Integer> reset = new LinkedHashSet<>();
  private final byte[] header = new byte[Frame.HEADER_BYTES];
  private int prefaced;
  private int have;
  private int passed;
  private int left;
  private Frame frame = Frame.NONE;
  private boolean hidden;
  private long blockSince;
  private int blockParts;
  private long resettingSince;
  private long window = Frame.FIRST_WINDOW_BYTES;
  private long credit;
  private int costly;
  private long costlySince = System.nanoTime();
  private @Nullable CutReason fault;

  /** Why the connection cannot go on; both ends are to be told. */
  Optional<CutReason> fault() {
    lock.lock();
    try {
      return Optional.ofNullable(fault);
    } finally {
      lock.unlock();
    }
  }

  /** What the server is to see of these bytes; none after a {@link #fault()}. */
  byte[] received(byte[] bytes) {
    lock.lock();
    try {
      long now = System.nanoTime();
      boolean changed = !resetting.isEmpty() || !reset.isEmpty();
      ByteArrayOutputStream out = new ByteArrayOutputStream(changed ? bytes.length + 64 : 0);
      int at = 0;
      while (at < bytes.length && fault == null) {
        at += step(bytes, at, now, changed ? out : null);
      }
      if (!changed && have < header.length) {
        passed = have;
      }
      return fault != null ? new byte[0] : changed ? out.toByteArray() : bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Takes in a part of the preface, of a header or of a payload; how many bytes that was. */
  private int step(byte[] bytes, int at, long now, @Nullable ByteArrayOutputStream out) {
    if (prefaced < Frame.PREFACE.length()) {
      if (bytes[at] != Frame.PREFACE.charAt(prefaced++)) {
        fault = CutReason.BAD_FRAMING;
      }
      return 1;
    }
    if (have == 0) {
      beginFrame(now, out);
    }
    if (have < header.length) {
      header[have++] = bytes[at];
      if (have == header.length) {
        readHeader(now, out);
      }
      return 1;
    }
    int part = Math.min(left, bytes.length - at);
    if (out != null) {
      out.write(bytes, at, part);
    }
    if (frame.type() == Frame.DATA) {
      open.computeIfPresent(frame.stream(), (_, it) -> new Open(it.since, now));
    }
    left -= part;
    if (left == 0) {
      endFrame();
    }
    return part;
  }

  private void beginFrame(long now, @Nullable ByteArrayOutputStream out) {
    if (out != null) {
      resetting.forEach(stream -> out.writeBytes(Frame.reset(stream)));
      reset.addAll(resetting);
      while (reset.size() > RESETS_KEPT) {
        reset.remove(reset.iterator().next());
      }
      resetting.clear();
    }
    if (blockSince == 0) {
      blockSince = now;
    }
  }

  private void readHeader(long now, @Nullable ByteArrayOutputStream out) {
    frame = Frame.of(header);
    left = frame.length();
    hidden = out != null && frame.ofStream() && reset.contains(frame.stream());
    if (out != null) {
      header[Frame.TYPE_AT] = hidden ? Frame.UNKNOWN : header[Frame.TYPE_AT];
      out.write(header, passed, header.length - passed);
    }
    switch (frame.type()) {
      case Frame.DATA -> data(now);
      case Frame.HEADERS -> headers(now);
      case Frame.CONTINUATION -> {
        if (++blockParts > BLOCK_PARTS_MAX) {
          fault = CutReason.FLOOD;
        }
      }
      case Frame.RST_STREAM -> open.remove(frame.stream());
      case Frame.WINDOW_UPDATE, Frame.GOAWAY -> {}
      default -> countCostly(now);
    }
    if (left == 0) {
      endFrame();
    }
  }

  private void data(long now) {
    window -= left;
    credit += hidden ? left : 0;
    if (window < 0) {
      fault = CutReason.BAD_FRAMING;
    }
    if (left == 0 && !frame.endsStream()) {
      countCostly(now);
    }
    if (open.containsKey(frame.stream())) {
      blockSince = 0;
    }
  }

  private void headers(long now) {
    blockParts = 0;
    if (!frame.endsStream()) {
      open.put(frame.stream(), new Open(now, now));
      if (open.size() > STREAMS_MAX) {
        fault = CutReason.FLOOD;
      }
    }
  }

  private void countCostly(long now) {
    if (now - costlySince > COSTLY_WINDOW_NANOS) {
      costlySince = now;
      costly = 0;
    }
    if (++costly > COSTLY_MAX) {
      fault = CutReason.FLOOD;
    }
  }

  private void endFrame() {
    have = 0;
    passed = 0;
    if (frame.endsStream()) {
      open.remove(frame.stream());
    }
    if (!frame.opensBlock()) {
      blockSince = 0;
    }
  }

  /** Takes note of a frame that goes to the client. */
  void sent(int type, int stream, int value) {
    lock.lock();
    try {
      switch (type) {
        case Frame.WINDOW_UPDATE -> window += stream == 0 ? value : 0;
        case Frame.RST_STREAM -> open.remove(stream);
        default -> {}
      }
    } finally {
      lock.unlock();
    }
  }

  /** The server gave the connection up. */
  void failed(CutReason reason) {
    lock.lock();
    try {
      fault = fault == null ? reason : fault;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of hidden frames that the client may send again; asking takes them. */
  int credit() {
    lock.lock();
    try {
      int taken = (int) credit;
      credit = 0;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Why the whole connection has had more time than it may take. */
  Optional<CutReason> late(long now, HttpSettings settings) {
    lock.lock();
    try {
      if (blockSince != 0 && now - blockSince > settings.headerTimeout().toNanos()) {
        return Optional.of(CutReason.SLOW_HEADERS);
      }
      return !resetting.isEmpty() && now - resettingSince > settings.readTimeout().toNanos()
          ? Optional.of(CutReason.SLOW_BODY)
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The streams that have had more time than they may take; asking gives them up. */
  List<Integer> slow(long now, HttpSettings settings) {
    lock.lock();
    try {
      List<Integer> slow = new ArrayList<>();
      open.forEach((stream, it) -> {
        if (now - it.since > settings.bodyTimeout().toNanos()
            || now - it.progress > settings.readTimeout().toNanos()) {
          slow.add(stream);
        }
      });
      if (!slow.isEmpty() && resetting.isEmpty()) {
        resettingSince = now;
      }
      slow.forEach(open::remove);
      resetting.addAll(slow);
      return slow;
    } finally {
      lock.unlock();
    }
  }
}
