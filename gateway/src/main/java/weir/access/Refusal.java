package weir.access;

import java.time.Duration;
import weir.inference.Reason;

/**
 * Why a caller is not let in, in words for them.
 *
 * @param reason one of {@link Reason#UNAUTHENTICATED}, {@link Reason#FORBIDDEN}, {@link
 *     Reason#RATE_LIMITED}
 * @param retryAfter when it may go better; 0 when it will not
 */
public record Refusal(Reason reason, String words, Duration retryAfter) {
  static Refusal unauthenticated(String words) {
    return new Refusal(Reason.UNAUTHENTICATED, words, Duration.ZERO);
  }

  static Refusal forbidden(String words) {
    return new Refusal(Reason.FORBIDDEN, words, Duration.ZERO);
  }

  static Refusal limited(String words, Duration retryAfter) {
    return new Refusal(Reason.RATE_LIMITED, words, retryAfter);
  }

  /** Whole seconds for {@code Retry-After}, at least 1. */
  public long retryAfterSeconds() {
    return Math.max(1, retryAfter.plusMillis(999).toSeconds());
  }
}
