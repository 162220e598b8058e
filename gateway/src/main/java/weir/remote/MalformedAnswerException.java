package weir.remote;

import java.io.IOException;

/** What a server sent is not HTTP/1.1, or more than it may send. */
final class MalformedAnswerException extends IOException {
  private static final long serialVersionUID = 1;

  MalformedAnswerException(String message) {
    super(message);
  }
}
