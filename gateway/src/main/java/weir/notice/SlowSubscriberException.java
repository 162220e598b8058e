package weir.notice;

/** A subscriber fell so far behind that its next notice is no longer kept. */
public final class SlowSubscriberException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SlowSubscriberException(long lastId) {
    super(
        "the subscriber is too slow: what follows notice %d is no longer kept; resume from there"
            .formatted(lastId));
  }
}
