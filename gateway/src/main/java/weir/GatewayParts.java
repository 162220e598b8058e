package weir;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import weir.grpc.GrpcDoor;
import weir.http.HttpDoors;
import weir.http.PortTakenException;
import weir.journal.Journal;
import weir.journal.JournalUnavailableException;
import weir.journal.SqliteJournal;
import weir.notice.Notices;
import weir.notice.SecretRefusedException;
import weir.notice.Webhooks;
import weir.observation.BufferedObserver;
import weir.observation.GatewayMetrics;
import weir.observation.RequestLog;
import weir.routing.KeyFile;
import weir.routing.PredictionSigner;

/** The parts of a gateway that open something, each with the words for what prevents it. */
final class GatewayParts {
  private static final int CALLER_ERRORS_LOGGED_PER_MINUTE = 60;
  private static final int LOG_QUEUE_MAX = 4_096;
  private static final Duration LOG_CLOSE_WITHIN = Duration.ofSeconds(1);

  private GatewayParts() {}

  static Journal journal(WeirSettings settings, GatewayMetrics metrics, Clock clock)
      throws StartRefusedException {
    try {
      return SqliteJournal.open(settings.state().resolve("journal.db"), clock, metrics.journal());
    } catch (JournalUnavailableException e) {
      throw new StartRefusedException(List.of("journal: " + e.getMessage()));
    }
  }

  static BufferedObserver requestLog(GatewayMetrics metrics) {
    return BufferedObserver.create(
        "request-log",
        RequestLog.create(CALLER_ERRORS_LOGGED_PER_MINUTE, System::nanoTime),
        LOG_QUEUE_MAX,
        LOG_CLOSE_WITHIN,
        metrics);
  }

  static PredictionSigner signer(WeirSettings settings) {
    return PredictionSigner.create(
        new KeyFile(settings.state().resolve("prediction-keys"), new SecureRandom())
            .readOrCreate());
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
