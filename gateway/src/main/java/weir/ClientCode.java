package weir;

import picocli.CommandLine;

/** Exit codes of the commands that ask a running gateway; {@code --help} lists them. */
final class ClientCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = CommandLine.ExitCode.USAGE;
  static final int REFUSED = 3;
  static final int ROLLED_BACK = 4;

  /** As in sysexits.h: a service that is not there. */
  static final int UNREACHABLE = 69;

  /** As a shell says it of a command that Ctrl-C ended. */
  static final int INTERRUPTED = 130;

  private ClientCode() {}

  /** What an answer's status means for the caller; the status is not a success. */
  static int of(int status) {
    return switch (status) {
      case 400, 404, 405, 413, 414, 415, 431 -> USAGE;
      case 401, 403, 409, 410, 412 -> REFUSED;
      default -> FAILED;
    };
  }
}
