package weir.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import weir.observation.CutReason;
import weir.observation.DoorMeters;
import weir.serving.ByteBudget;

/** Reads a request's entity whole, within a bound. */
final class Bodies {
  /** An entity, or why there is none; after a failure the connection cannot be used again. */
  sealed interface Body {
    final class Whole implements Body {
      private final byte[] bytes;
      private final int length;

      Whole(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
      }

      /** The body's own array, not a copy; only the first {@link #length} bytes count. */
      byte[] bytes() {
        return bytes;
      }

      int length() {
        return length;
      }
    }

    record Broken(Status status, String message) implements Body {}
  }

  private static final int FIRST_CHUNK_BYTES = 8 << 10;
  private static final long DISCARD_MAX_BYTES = 4 << 20;

  private final int maxBytes;
  private final DoorMeters meters;

  Bodies(long maxBytes, DoorMeters meters) {
    this.maxBytes = Math.toIntExact(maxBytes);
    this.meters = meters;
  }

  Body read(ServerRequest request) {
    try {
      return readWhole(request);
    } finally {
      BodyBudget.held().ifPresent(held -> held.place().close());
    }
  }

  private Body readWhole(ServerRequest request) {
    OptionalLong length = request.headers().contentLength();
    if (length.isPresent() && length.getAsLong() > maxBytes) {
      discard(request);
      return tooLarge();
    }
    if (request.headers().contains(HeaderNames.CONTENT_ENCODING)
        && !request.headers().get(HeaderNames.CONTENT_ENCODING).get().equals("identity")) {
      return new Body.Broken(
          Status.UNSUPPORTED_MEDIA_TYPE_415, "send the body without Content-Encoding");
    }
    if (!request.content().hasEntity()) {
      return new Body.Whole(new byte[0], 0);
    }
    try (InputStream in = request.content().inputStream()) {
      return length.isPresent()
          ? readExactly(in, (int) length.getAsLong())
          : readToEnd(in, BodyBudget.held().map(BodyBudget.Held::charge));
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      return new Body.Broken(Status.BAD_REQUEST_400, "the request body could not be read");
    } catch (DataReader.InsufficientDataAvailableException left) {
      return new Body.Broken(Status.BAD_REQUEST_400, "the request body ended early");
    } catch (RuntimeException e) {
      if (Answers.http1(request)) {
        meters.cut(CutReason.BAD_FRAMING, Attendance.address(request.remotePeer()));
      }
      return new Body.Broken(
          Status.BAD_REQUEST_400, "the request body ended early or is framed wrongly");
    }
  }

  private static Body readExactly(InputStream in, int length) throws IOException {
    byte[] bytes = new byte[length];
    int got = in.readNBytes(bytes, 0, length);
    return got == length
        ? new Body.Whole(bytes, length)
        : new Body.Broken(
            Status.BAD_REQUEST_400, "the body ended after %d of %d bytes".formatted(got, length));
  }

  private Body readToEnd(InputStream in, Optional<ByteBudget.Charge> charge) throws IOException {
    byte[] bytes = new byte[Math.min(FIRST_CHUNK_BYTES, maxBytes)];
    int length = 0;
    while (true) {
      int got = in.read(bytes, length, bytes.length - length);
      if (got < 0) {
        return new Body.Whole(bytes, length);
      }
      length += got;
      if (length == bytes.length) {
        if (length >= maxBytes) {
          return in.read() < 0 ? new Body.Whole(bytes, length) : tooLarge();
        }
        int more = Math.min(length, maxBytes - length);
        if (charge.isPresent() && !charge.get().take(more)) {
          return new Body.Broken(Status.SERVICE_UNAVAILABLE_503, BodyBudget.FULL);
        }
        bytes = Arrays.copyOf(bytes, length + more);
      }
    }
  }

  /** Reads on for a while, so that a client that is still sending gets to see its answer. */
  private static void discard(ServerRequest request) {
    try (InputStream in = request.content().inputStream()) {
      in.skipNBytes(DISCARD_MAX_BYTES);
    } catch (IOException | RuntimeException e) {
      // The connection is closed either way; what was read does not matter.
      return;
    }
  }

  private Body.Broken tooLarge() {
    return new Body.Broken(
        Status.REQUEST_ENTITY_TOO_LARGE_413,
        "the body is larger than %d bytes; send smaller batches".formatted(maxBytes));
  }
}
