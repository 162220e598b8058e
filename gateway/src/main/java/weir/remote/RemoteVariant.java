package weir.remote;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import weir.admission.Admission;
import weir.admission.Entry.Place;
import weir.admission.Entry.Refusal;
import weir.inference.InferenceRequest;
import weir.inference.InferenceResult;
import weir.inference.InferenceResult.Answered;
import weir.inference.InferenceResult.Rejected;
import weir.inference.ModelSignature;
import weir.inference.Reason;
import weir.inference.Variant;
import weir.observation.RemoteMeters;
import weir.observation.RemoteReading;
import weir.observation.Tracing;

/**
 * A variant that computes on servers elsewhere. Called by any number of virtual threads.
 *
 * <p>A request passes the breaker, then the limit on requests at once, and then becomes one or more
 * attempts. Nothing in here waits but an endpoint's call.
 */
public final class RemoteVariant implements AutoCloseable {
  private static final int PLACES_LEAST = 4;

  private final Variant variant;
  private final List<Server> servers;
  private final KnownSignature signature;
  private final Attempts attempts;
  private final Breaker breaker;
  private final Admission places;
  private final Probes probes;
  private final Lifetime lifetime;
  private final RemoteMeters meters;
  private final LongSupplier nanoTime;
  private final Supplier<RemoteReading> reading = this::read;
  private volatile boolean shownUp;

  private RemoteVariant(
      Variant variant,
      RemoteSettings settings,
      Optional<ModelSignature> known,
      RemoteMeters meters,
      Tracing tracing,
      Surroundings surroundings) {
    this.variant = variant;
    this.meters = meters;
    this.nanoTime = surroundings.nanoTime();
    servers = servers(variant, settings, tracing, surroundings);
    signature = new KnownSignature(variant, known);
    attempts = new Attempts(variant, settings, servers, meters, tracing, surroundings);
    breaker = new Breaker(variant, settings.resilience(), new NanoClock(nanoTime));
    places = Admission.of(PLACES_LEAST, settings.resilience().concurrency(), nanoTime);
    probes = new Probes(variant, settings.health(), servers, signature, this::showUp, surroundings);
    lifetime = new Lifetime(() -> servers.forEach(server -> server.endpoint().close()));
  }

  private static List<Server> servers(
      Variant variant, RemoteSettings settings, Tracing tracing, Surroundings surroundings) {
    if (settings.endpoints().isEmpty()) {
      throw new IllegalArgumentException(variant + " has no endpoints: list at least one");
    }
    List<Server> opened = new ArrayList<>();
    long now = surroundings.nanoTime().getAsLong();
    for (URI address : settings.endpoints()) {
      opened.add(new Server(surroundings.opener().open(settings, address, variant, tracing), now));
    }
    return List.copyOf(opened);
  }

  /**
   * Opens the endpoints, asks them once what they serve, and keeps asking whether they are ready.
   * {@code known} is the signature from before, for servers that do not answer now.
   */
  public static RemoteVariant open(
      Variant variant,
      RemoteSettings settings,
      Optional<ModelSignature> known,
      RemoteMeters meters,
      Tracing tracing) {
    return open(variant, settings, known, meters, tracing, Surroundings.real());
  }

  static RemoteVariant open(
      Variant variant,
      RemoteSettings settings,
      Optional<ModelSignature> known,
      RemoteMeters meters,
      Tracing tracing,
      Surroundings surroundings) {
    RemoteVariant opened =
        new RemoteVariant(variant, settings, known, meters, tracing, surroundings);
    opened.probes.round(settings.connections().connectTimeout().plus(settings.health().timeout()));
    opened.probes.start(opened.lifetime);
    meters.backend().limited(opened.places::inFlight, opened.places::limit);
    meters.show(opened.reading);
    return opened;
  }

  /** What it takes and gives, as configured or as a server said last; empty until one did. */
  public Optional<ModelSignature> signature() {
    return signature.read();
  }

  /** Why no endpoint can be asked now; empty when one can. */
  public String problem() {
    if (lifetime.closed()) {
      return variant + " is closed";
    }
    boolean known = signature.read().isPresent();
    if (known && servers.stream().anyMatch(Server::up)) {
      return "";
    }
    return "no server of %s %s: %s"
        .formatted(variant, known ? "is ready" : "has said what it takes", probes.problem());
  }

  /** Whether the next request would be sent, and again if need be, as far as can be told now. */
  public boolean takes() {
    return breaker.state() == RemoteReading.Breaker.CLOSED && places.room() && attempts.mayRepeat();
  }

  /** The servers that are asked nothing now, by their addresses. */
  public Set<String> leftOut() {
    long now = nanoTime.getAsLong();
    Set<String> leftOut = Set.of();
    for (Server server : servers) {
      if (!server.usable(now)) {
        leftOut = leftOut.isEmpty() ? new HashSet<>() : leftOut;
        leftOut.add(server.name());
      }
    }
    return leftOut;
  }

  /** Whether requests go to the server at this address now. */
  public boolean asks(String server) {
    long now = nanoTime.getAsLong();
    return servers.stream().anyMatch(each -> each.name().equals(server) && each.usable(now));
  }

  /** Computes on one endpoint, or on another when the first fails and it may be tried again. */
  public InferenceResult infer(InferenceRequest request) {
    if (!lifetime.enter()) {
      return new Rejected(Reason.NOT_READY, variant + " is closed: send the request again");
    }
    try {
      return admitted(request);
    } finally {
      lifetime.leave();
    }
  }

  private InferenceResult admitted(InferenceRequest request) {
    Optional<ModelSignature> known = signature.read();
    if (known.isEmpty()) {
      return new Rejected(Reason.BACKEND_UNREACHABLE, problem());
    }
    if (request.deadlineNanos() - nanoTime.getAsLong() <= 0) {
      return new Rejected(
          Reason.BACKEND_TIMEOUT,
          "the request's time was over before " + variant + " was asked: allow it more");
    }
    if (!breaker.lets()) {
      return new Rejected(Reason.BREAKER_OPEN, breaker.refusal());
    }
    return switch (places.begin(request.caller())) {
      case Place place -> sent(request, known.get(), place);
      case Refusal refusal -> {
        breaker.ignored();
        yield refused(refusal);
      }
    };
  }

  private Rejected refused(Refusal refusal) {
    return switch (refusal) {
      case FULL ->
          new Rejected(
              Reason.OVERLOADED,
              "%s has %d requests in flight, as many as it is given at once: try again later"
                  .formatted(variant, places.inFlight()));
      case OVER_SHARE ->
          new Rejected(
              Reason.OVER_SHARE,
              "%s is busy, and your own share of it is in use: send fewer requests at once"
                  .formatted(variant));
    };
  }

  private InferenceResult sent(InferenceRequest request, ModelSignature known, Place place) {
    boolean judged = false;
    Consumer<Place> end = places::left;
    try {
      Answered answered = attempts.run(request, known);
      judged = true;
      end = ended -> places.answered(ended, answered.modelNanos(), answered.modelNanos());
      breaker.answered();
      if (!shownUp) {
        showUp();
      }
      return answered;
    } catch (RemoteFailure failure) {
      judged = true;
      if (tooMuch(failure)) {
        end = places::overloaded;
      }
      judge(failure);
      return new Rejected(failure.kind().reason(), failure.message());
    } finally {
      end.accept(place);
      if (!judged) {
        breaker.ignored();
      }
    }
  }

  private static boolean tooMuch(RemoteFailure failure) {
    return switch (failure.kind()) {
      case FULL, BUSY, TIMEOUT -> true;
      case UNREACHABLE, BROKEN, FAILED, REFUSED, INVALID -> false;
    };
  }

  private void judge(RemoteFailure failure) {
    switch (failure.kind()) {
      case FULL, BUSY, REFUSED -> breaker.ignored();
      case UNREACHABLE, TIMEOUT, BROKEN, FAILED, INVALID -> breaker.failed(failure);
    }
  }

  /** Refuses new calls with {@link Reason#NOT_READY}; running ones end in peace. */
  @Override
  public void close() {
    probes.close();
    lifetime.close();
    meters.hide(reading);
  }

  /** What the probes do each {@code health.interval}, here and now. */
  void probe(HealthSettings settings) {
    probes.round(settings.timeout());
  }

  /** Attempts at all servers that have not ended. */
  int inFlight() {
    return servers.stream().mapToInt(Server::inFlight).sum();
  }

  private void showUp() {
    boolean up = servers.stream().anyMatch(Server::up);
    shownUp = up;
    meters.backend().up(up);
  }

  private RemoteReading read() {
    long now = nanoTime.getAsLong();
    int active = 0;
    int idle = 0;
    Map<String, RemoteReading.Endpoint> endpoints = new LinkedHashMap<>();
    for (Server server : servers) {
      active += server.endpoint().active();
      idle += server.endpoint().idle();
      endpoints.put(
          server.name(),
          new RemoteReading.Endpoint(server.name(), server.up(), server.leftOutFor(now) > 0));
    }
    return new RemoteReading(breaker.state(), active, idle, List.copyOf(endpoints.values()));
  }
}
