package weir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import weir.grpc.GrpcDoor;
import weir.http.HttpDoors;
import weir.http.PortTakenException;
import weir.journal.Journal;
import weir.journal.JournalUnavailableException;
import weir.journal.PostgresJournal;
import weir.journal.SqliteJournal;
import weir.notice.Notices;
import weir.notice.SecretRefusedException;
import weir.notice.Webhooks;
import weir.observation.BufferedObserver;
import weir.observation.GatewayMetrics;
import weir.observation.RequestLog;

/** The parts of a gateway that open something, each with the words for what prevents it. */
final class GatewayParts {
  private static final int REFUSALS_LOGGED_PER_MINUTE = 60;
  private static final int LOG_QUEUE_MAX = 4_096;
  private static final Duration LOG_CLOSE_WITHIN = Duration.ofSeconds(1);

  private GatewayParts() {}

  /** A server may be away; what is wrong with a file only a person can mend. */
  static Journal journal(WeirSettings settings, GatewayMetrics metrics, Clock clock)
      throws StartRefusedException {
    try {
      if (settings.journal().url().isPresent()) {
        return PostgresJournal.await(settings.journal(), System.getenv(), clock, metrics.journal());
      }
      return SqliteJournal.open(settings.state().resolve("journal.db"), clock, metrics.journal());
    } catch (JournalUnavailableException e) {
      throw new StartRefusedException(List.of("journal: " + e.getMessage()));
    }
  }

  static BufferedObserver requestLog(GatewayMetrics metrics) {
    return BufferedObserver.create(
        "request-log",
        RequestLog.create(REFUSALS_LOGGED_PER_MINUTE, System::nanoTime),
        LOG_QUEUE_MAX,
        LOG_CLOSE_WITHIN,
        metrics);
  }

  /** Puts the models into service, unless the journal is on a server that is away. */
  static void open(WeirSettings settings, Opening opening) throws StartRefusedException {
    List<String> problems = opening.attempt();
    if (!problems.isEmpty()) {
      throw new StartRefusedException(problems);
    }
    Optional<String> missing = opening.missing();
    if (missing.isPresent() && settings.journal().url().isEmpty()) {
      throw new StartRefusedException(List.of("journal: " + missing.get()));
    }
  }

  /** A name that no other process has, nor had. */
  static String replica() {
    String random = HexFormat.of().toHexDigits(new SecureRandom().nextInt());
    try {
      return InetAddress.getLocalHost().getHostName() + "-" + random;
    } catch (UnknownHostException _) {
      return "weir-" + random;
    }
  }

  static HttpDoors open(WeirSettings settings, HttpDoors.Behind behind)
      throws StartRefusedException {
    try {
      return HttpDoors.create(settings.http(), settings.limits(), behind, Version.CURRENT);
    } catch (PortTakenException e) {
      throw new StartRefusedException(List.of(String.valueOf(e.getMessage())));
    }
  }

  static Optional<GrpcDoor> open(WeirSettings settings, HttpDoors doors, GrpcDoor.Behind behind)
      throws StartRefusedException {
    if (!settings.grpc().enabled()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          GrpcDoor.create(settings.grpc(), settings.limits(), behind, Version.CURRENT));
    } catch (IOException _) {
      doors.close();
      throw new StartRefusedException(
          List.of(
              "port %d on %s is taken by another process; stop it, or set grpc.port to another port"
                      .formatted(settings.grpc().port(), settings.grpc().host())
                  + " (0 takes any) or grpc.enabled to false"));
    }
  }

  static Webhooks webhooks(WeirSettings settings, Notices notices, GatewayMetrics metrics)
      throws StartRefusedException {
    try {
      return Webhooks.create(settings.notices(), notices, metrics.notices());
    } catch (SecretRefusedException e) {
      throw new StartRefusedException(e.problems());
    }
  }
}
