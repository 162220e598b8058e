package weir.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Source;
import weir.inference.ModelSignature;
import weir.inference.OutputCheck;
import weir.inference.Tensor;
import weir.inference.Variant;
import weir.observation.BackendMeters.Attempt;
import weir.observation.RemoteMeters;
import weir.observation.Stage;
import weir.observation.Tracing;
import weir.remote.RemoteFailure.Kind;

/**
 * One request as attempts at a variant's servers, one after another until its answer, its deadline
 * or the end of what may be tried.
 *
 * <p>What never reached a server's model may be sent again; what a server may have begun, only when
 * the variant takes a request twice; what it refused or answered wrongly, never.
 */
final class Attempts {
  static final int RETRIES_MAX = 2;

  private final Variant variant;
  private final boolean repeatable;
  private final int servers;
  private final EndpointChoice choice;
  private final Ejections ejections;
  private final RetryBudget budget;
  private final RemoteMeters meters;
  private final Tracing tracing;
  private final LongSupplier nanoTime;

  /** {@code servers} is not empty. */
  Attempts(
      Variant variant,
      RemoteSettings settings,
      List<Server> servers,
      RemoteMeters meters,
      Tracing tracing,
      Surroundings surroundings) {
    this.variant = variant;
    this.repeatable = settings.repeatable();
    this.servers = servers.size();
    this.meters = meters;
    this.tracing = tracing;
    this.nanoTime = surroundings.nanoTime();
    choice = new EndpointChoice(servers, nanoTime, surroundings.random(), meters::lastResort);
    ejections = new Ejections(variant, servers, settings.resilience(), nanoTime);
    budget = new RetryBudget(settings.resilience().retryBudget(), nanoTime);
  }

  /** The answer, held against {@code signature}; else the last attempt's failure. */
  Answered run(InferenceRequest request, ModelSignature signature) throws RemoteFailure {
    budget.requested();
    List<Server> tried = List.of();
    Server server = choice.next(tried);
    while (true) {
      try {
        return attempt(server, request, signature);
      } catch (RemoteFailure failure) {
        tried = with(tried, server);
        if (!again(failure, tried.size(), request.deadlineNanos())) {
          throw failure;
        }
        server = choice.next(tried);
      }
    }
  }

  /** Whether a request could be sent again if it failed, where any may be. */
  boolean mayRepeat() {
    return budget.has();
  }

  private Answered attempt(Server server, InferenceRequest request, ModelSignature signature)
      throws RemoteFailure {
    long began = nanoTime.getAsLong();
    server.began();
    try (Stage stage = tracing.call("backend")) {
      try {
        List<Tensor> outputs = server.endpoint().infer(request, request.deadlineNanos());
        check(signature, outputs, request.outputs());
        server.succeeded();
        meters.backend().attempted(Attempt.OK);
        return new Answered(outputs, Source.MODEL, nanoTime.getAsLong() - began);
      } catch (RemoteFailure failure) {
        stage.failed(failure.kind().reason().label());
        meters.backend().attempted(label(failure.kind()));
        ejections.failed(server, failure.kind(), failure.retryAfter());
        throw told(server, failure);
      }
    } finally {
      server.ended();
    }
  }

  private static void check(ModelSignature signature, List<Tensor> outputs, List<String> wanted)
      throws RemoteFailure {
    Optional<String> problem = OutputCheck.problem(signature, outputs, wanted);
    if (problem.isPresent()) {
      throw new RemoteFailure(Kind.INVALID, problem.get());
    }
  }

  private RemoteFailure told(Server server, RemoteFailure failure) {
    String message =
        "%s (%s at %s: %s)"
            .formatted(failure.message(), variant, server.name(), advice(failure.kind()));
    return new RemoteFailure(failure.kind(), message, failure.retryAfter());
  }

  private static String advice(Kind kind) {
    return switch (kind) {
      case UNREACHABLE -> "see that it runs and can be reached from the gateway";
      case FULL, BUSY -> "try again later, or give it more room";
      case TIMEOUT -> "allow the request more time, or see why the server is slow";
      case BROKEN, FAILED -> "see the server's log";
      case REFUSED -> "correct the request, or see why the server takes less than it says";
      case INVALID -> "see that the server has the model that the variant means";
    };
  }

  private static Attempt label(Kind kind) {
    return switch (kind) {
      case UNREACHABLE -> Attempt.UNREACHABLE;
      case FULL, BUSY -> Attempt.BUSY;
      case TIMEOUT -> Attempt.TIMEOUT;
      case BROKEN -> Attempt.BROKEN;
      case FAILED -> Attempt.FAILED;
      case REFUSED -> Attempt.REFUSED;
      case INVALID -> Attempt.INVALID;
    };
  }

  private static List<Server> with(List<Server> tried, Server server) {
    List<Server> more = new ArrayList<>(tried);
    more.add(server);
    return more;
  }

  /** Whether another attempt follows {@code failure}; takes from the budget. */
  private boolean again(RemoteFailure failure, int attempts, long deadline) {
    boolean may =
        switch (failure.kind()) {
          case UNREACHABLE -> true;
          case FULL, BUSY -> attempts < servers; // not to one that is busy
          case BROKEN, FAILED -> repeatable;
          case TIMEOUT, REFUSED, INVALID -> false;
        };
    if (!may || attempts > RETRIES_MAX || deadline - nanoTime.getAsLong() <= 0) {
      return false;
    }
    if (!budget.take()) {
      meters.retryDenied();
      return false;
    }
    meters.retried();
    return true;
  }
}
