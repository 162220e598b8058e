package weir.access;

import com.github.benmanes.caffeine.cache.Ticker;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import weir.access.LimitSettings.Rate;
import weir.inference.Reason;
import weir.observation.AccessMeters;

/**
 * Tells who asks, and whether they may. Safe on any thread.
 *
 * <p>A key costs a hash, a token known from before likewise; both are looked up among a bounded
 * number. An address that fails too often gets no signature verified any more, while a good key
 * from it still works.
 */
public final class Access {
  /** Who asks, or why they are not let in. */
  public sealed interface Answer {
    record Admitted(Caller caller) implements Answer {}

    record Refused(Refusal refusal) implements Answer {}
  }

  private final AccessSettings settings;
  private final Optional<Tokens> tokens;
  private final TrustedProxies proxies;
  private final AccessMeters meters;
  private final Buckets buckets;
  private final Buckets failures;
  private volatile Map<String, ApiKey> keys = Map.of();

  private Access(
      AccessSettings settings, Optional<Tokens> tokens, AccessMeters meters, Ticker ticker) {
    this.settings = settings;
    this.tokens = tokens;
    this.proxies = TrustedProxies.of(settings.trustedProxies());
    this.meters = meters;
    this.buckets = new Buckets(ticker);
    this.failures = new Buckets(ticker);
  }

  /** Without keys yet: {@link #use} brings them. */
  public static Access create(AccessSettings settings, AccessMeters meters) {
    return create(settings, meters, InstantSource.system(), System::nanoTime);
  }

  static Access create(
      AccessSettings settings, AccessMeters meters, InstantSource clock, Ticker ticker) {
    Optional<Tokens> tokens =
        settings.tokens().map(configured -> new Tokens(configured, clock, ticker));
    return new Access(settings, tokens, meters, ticker);
  }

  /** Takes these keys, and no others, from now on. */
  public void use(List<ApiKey> live) {
    keys = live.stream().collect(Collectors.toUnmodifiableMap(ApiKey::id, key -> key));
  }

  /** Whether callers must say who they are. */
  public boolean required() {
    return settings.required();
  }

  /**
   * Where a caller is: the peer, unless that is a trusted proxy that tells of another in {@code
   * X-Forwarded-For}, whose lines are joined by commas.
   */
  public SocketAddress origin(SocketAddress peer, String forwardedFor) {
    return proxies.caller(peer, forwardedFor);
  }

  /** What an HTTP path asks; the pattern must be in {@link Needs}. */
  public Need ofPath(String pattern) {
    Need need = Needs.ofPath(pattern);
    return settings.openMetrics() && pattern.equals(Needs.METRICS) ? new Need.Open() : need;
  }

  /**
   * Lets a request in or not. {@code model} is empty where none is named; an unknown one is only
   * counted as none.
   */
  public Answer admit(Need need, String model, Credentials credentials) {
    if (need instanceof Need.Open) {
      return new Answer.Admitted(Caller.ANYONE);
    }
    Answer answer = identify(model, credentials);
    return answer instanceof Answer.Admitted(Caller caller)
        ? permit(need, model, caller, credentials).<Answer>map(Answer.Refused::new).orElse(answer)
        : answer;
  }

  /** Whether a caller who was let in may stay: keys are revoked, tokens expire. Counts nothing. */
  public boolean holds(Need need, String model, Credentials credentials) {
    return !required()
        || need instanceof Need.Open
        || (identified(credentials) instanceof Answer.Admitted(Caller caller)
            && missing(need, model, caller).isEmpty());
  }

  /** Tells who asks; {@link #permit} tells whether they may. */
  public Answer identify(String model, Credentials credentials) {
    Answer answer = identified(credentials);
    if (answer instanceof Answer.Refused(Refusal refusal)) {
      meters.refused(model, refusal.reason());
    }
    return answer;
  }

  private Answer identified(Credentials credentials) {
    if (!required()) {
      return new Answer.Admitted(Caller.ANYONE);
    }
    if (credentials.absent()) {
      return new Answer.Refused(Refusal.unauthenticated("no key: " + kinds()));
    }
    String secret = credentials.secret();
    Optional<Caller> caller = ApiKey.looksLike(secret) ? ofKey(secret) : known(secret);
    if (caller.isPresent()) {
      return new Answer.Admitted(caller.get());
    }
    Rate rate = settings.limits().failures();
    Duration wait = failures.look(credentials.place(), rate);
    if (!wait.isZero()) {
      return new Answer.Refused(
          Refusal.limited("too many failed authentications from this address: wait", wait));
    }
    Answer answer = ApiKey.looksLike(secret) ? unknownKey() : verified(secret);
    if (answer instanceof Answer.Refused(Refusal refusal)
        && refusal.reason() == Reason.UNAUTHENTICATED) {
      Duration _ = failures.take(credentials.place(), rate);
    }
    return answer;
  }

  private Optional<Caller> ofKey(String secret) {
    ApiKey key = keys.get(ApiKey.idOf(secret));
    return key != null && key.is(secret) ? Optional.of(key.caller()) : Optional.empty();
  }

  private static Answer unknownKey() {
    return new Answer.Refused(
        Refusal.unauthenticated("this key is not known, or was revoked: ask for another"));
  }

  private Optional<Caller> known(String token) {
    return tokens.flatMap(of -> of.known(token));
  }

  private Answer verified(String token) {
    if (tokens.isEmpty()) {
      return new Answer.Refused(Refusal.unauthenticated("this is no key of Weir: " + kinds()));
    }
    return switch (tokens.get().read(token)) {
      case Tokens.Reading.Valid(Caller caller) -> new Answer.Admitted(caller);
      case Tokens.Reading.Invalid _ ->
          new Answer.Refused(
              Refusal.unauthenticated(
                  "this token is not valid here: its signature, time, issuer or audience is wrong;"
                      + " get a new one"));
      case Tokens.Reading.Unknown _ ->
          new Answer.Refused(
              new Refusal(
                  Reason.NOT_READY,
                  "the issuer's keys cannot be fetched now, so no token can be verified: try again",
                  Duration.ofSeconds(1)));
    };
  }

  private String kinds() {
    return "send Authorization: Bearer with a key made by 'ops/weir key create'%s, or the key as x-api-key"
        .formatted(tokens.isPresent() ? " or a token of the issuer" : "");
  }

  /** Whether this caller may, and not too often; counts the request or the refusal. */
  public Optional<Refusal> permit(Need need, String model, Caller caller, Credentials credentials) {
    Optional<Refusal> refusal =
        limited(caller, credentials)
            .or(() -> required() ? missing(need, model, caller) : Optional.empty());
    refusal.ifPresentOrElse(
        why -> meters.refused(model, why.reason()), () -> meters.admitted(caller.name()));
    return refusal;
  }

  private Optional<Refusal> limited(Caller caller, Credentials credentials) {
    Rate own = settings.limits().callers().get(caller.name());
    Optional<Rate> rate = own == null ? settings.limits().standard() : Optional.of(own);
    if (rate.isEmpty()) {
      return Optional.empty();
    }
    Duration wait = buckets.take(account(caller, credentials), rate.get());
    if (wait.isZero()) {
      return Optional.empty();
    }
    return Optional.of(
        Refusal.limited(
            "%s may ask %s times a second, %d at once: wait"
                .formatted(
                    required() ? caller.name() : "each address",
                    rate.get().perSecond(),
                    rate.get().burst()),
            wait));
  }

  /** Whose share of the gateway a request takes: the caller's, or of nobody's the address's. */
  public String account(Caller caller, Credentials credentials) {
    return required() ? caller.name() : credentials.place();
  }

  private static Optional<Refusal> missing(Need need, String model, Caller caller) {
    if (!(need instanceof Need.OneOf(List<Role> roles))
        || roles.stream().anyMatch(role -> caller.has(role, model))) {
      return Optional.empty();
    }
    List<String> wanted = new ArrayList<>();
    roles.forEach(role -> wanted.add(role.label() + ":" + (model.isEmpty() ? Grant.ALL : model)));
    return Optional.of(
        Refusal.forbidden(
            "%s lacks the role %s".formatted(caller.name(), String.join(" or ", wanted))));
  }
}
