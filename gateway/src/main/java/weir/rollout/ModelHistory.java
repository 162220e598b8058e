package weir.rollout;

import static weir.rollout.RolloutWords.percent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.routing.MatchRule;
import weir.routing.ModelRoute;
import weir.routing.RoutingPolicy;
import weir.routing.Shadow;
import weir.routing.Share;

/**
 * What a model's events add up to: the policy that holds, and the rollout under way or the last.
 *
 * <p>The latest of three holds: the configured policy, a split set by hand, a rollout's end. A
 * policy configured during a rollout holds from its end. A candidate that was rolled back gets its
 * share of that only when it is configured again or a person gives it one; one that did harm is
 * {@code barred}: no match rule of the configuration leads to it either.
 *
 * <p>Over 300 lines because one fold knows every event.
 *
 * @param configured the configuration's policy as last seen
 * @param applied the configured policy that last took effect; another one than {@code configured}
 *     while a rollout keeps that waiting
 * @param base the policy outside a rollout
 * @param because where {@code base} comes from, in words
 */
public record ModelHistory(
    RoutingPolicy configured,
    RoutingPolicy applied,
    RoutingPolicy base,
    String because,
    Optional<Run> last,
    Set<String> barred) {

  /** A rollout and where it stands. */
  public record Run(RolloutTerms terms, RolloutState state) {
    /** The candidate's share in percent. */
    public double percent() {
      return state.percent(terms.settings());
    }

    /** The index of the step whose share the candidate has, −1 before the first. */
    public int step() {
      return state.step(terms.settings());
    }
  }

  private static final String AS_CONFIGURED = "as configured";

  public ModelHistory {
    barred = Set.copyOf(barred);
  }

  /** The beginning: a model's first event is its configured policy. */
  public static ModelHistory of(RoutingPolicy configured) {
    return new ModelHistory(
        configured, configured, configured, AS_CONFIGURED, Optional.empty(), Set.of());
  }

  /** The fold of a whole stream; empty when that is. */
  public static Optional<ModelHistory> of(List<RolloutEvent> events) {
    if (events.isEmpty()) {
      return Optional.empty();
    }
    if (!(events.getFirst() instanceof RolloutEvent.Configured first)) {
      throw new IllegalArgumentException(
          "a model's first event is 'configured', not '%s'".formatted(events.getFirst().type()));
    }
    ModelHistory history = of(first.policy());
    for (RolloutEvent event : events.subList(1, events.size())) {
      history = history.after(event);
    }
    return Optional.of(history);
  }

  /** The policy that divides the traffic now, with the stable version listed first. */
  public RoutingPolicy policy() {
    Optional<Run> run = underWay();
    if (run.isEmpty()) {
      return base;
    }
    RolloutTerms terms = run.get().terms();
    double percent = run.get().percent();
    return percent == 0
        ? new RoutingPolicy.Fixed(terms.stable())
        : new RoutingPolicy.Split(
            List.of(
                new Share(terms.stable(), RolloutSettings.PROMOTION - percent),
                new Share(terms.candidate(), percent)));
  }

  /** The configured route with what holds instead of its policy, salt and barred match rules. */
  public ModelRoute route(ModelRoute route) {
    List<MatchRule> kept =
        route.matches().stream().filter(rule -> !barred(rule.version())).toList();
    return new ModelRoute(
        underWay().map(run -> run.terms().salt()).orElse(route.salt()),
        route.stickiness(),
        kept,
        policy(),
        shadows(route),
        route.generation());
  }

  /** The configured shadows, and the candidate of a rollout as long as it is one. */
  private List<Shadow> shadows(ModelRoute route) {
    Optional<String> candidate =
        underWay().filter(run -> run.state().shadowing()).map(run -> run.terms().candidate());
    if (candidate.isEmpty()) {
      return route.shadows();
    }
    List<Shadow> all = new ArrayList<>();
    boolean noiseFloor = false;
    for (Shadow shadow : route.shadows()) {
      if (shadow.version().equals(candidate.get())) {
        noiseFloor = shadow.noiseFloor();
      } else {
        all.add(shadow);
      }
    }
    all.add(new Shadow(candidate.get(), RolloutSettings.SHADOW_SHARE, noiseFloor));
    return all;
  }

  /** A version is let in again while a person has it under rollout. */
  private boolean barred(String version) {
    return barred.contains(version)
        && underWay().stream().noneMatch(run -> run.terms().candidate().equals(version));
  }

  /** Whether what holds is what the configuration said last. */
  public boolean asConfigured() {
    return because.equals(AS_CONFIGURED);
  }

  /** The rollout that is not over. */
  public Optional<Run> underWay() {
    return last.filter(run -> !run.state().over());
  }

  /** Whether a configured policy waits for the end of the rollout. */
  public boolean configurationWaits() {
    return !configured.equals(applied);
  }

  /** The candidate's probability under the policy that holds; 0 without a rollout under way. */
  public double candidateShare() {
    return underWay().map(run -> policy().probability(run.terms().candidate())).orElse(0.0);
  }

  /** The history with {@code event}; IllegalArgumentException when it cannot follow. */
  public ModelHistory after(RolloutEvent event) {
    return switch (event) {
      case RolloutEvent.Configured e -> configured(e.policy());
      case RolloutEvent.SplitSet e -> splitSet(e);
      case RolloutEvent.Started e -> started(e);
      case RolloutEvent.Progress e -> progressed(e);
    };
  }

  private ModelHistory configured(RoutingPolicy policy) {
    if (policy.equals(configured)) {
      return this;
    }
    return underWay().isPresent()
        ? new ModelHistory(policy, applied, base, because, last, barred)
        : new ModelHistory(policy, policy, policy, AS_CONFIGURED, last, Set.of());
  }

  private ModelHistory splitSet(RolloutEvent.SplitSet event) {
    if (underWay().isPresent()) {
      throw cannotFollow(event);
    }
    Set<String> still = new HashSet<>(barred);
    still.removeIf(version -> event.policy().probability(version) > 0);
    return new ModelHistory(configured, applied, event.policy(), "set by hand", last, still);
  }

  private ModelHistory started(RolloutEvent.Started event) {
    if (underWay().isPresent()) {
      throw cannotFollow(event);
    }
    RolloutSettings settings = event.terms().settings();
    RolloutState state =
        settings.shadow().isZero()
            ? new RolloutState.Stepping(0, event.at())
            : new RolloutState.Shadowing(event.at());
    return with(new Run(event.terms(), state));
  }

  private ModelHistory progressed(RolloutEvent.Progress event) {
    return switch (event) {
      case RolloutEvent.Stepped e -> moved(moving(e), entered(e.step(), e.at(), e));
      case RolloutEvent.ApprovalAwaited e ->
          moved(moving(e), new RolloutState.AwaitingApproval(step(e.next(), e), e.at()));
      case RolloutEvent.Approved e -> moved(moving(e), entered(e.step(), e.at(), e));
      case RolloutEvent.Paused e ->
          moved(moving(e), new RolloutState.Paused(moving(e).state(), e.at()));
      case RolloutEvent.Resumed e -> moved(run(e), resumed(e));
      case RolloutEvent.Promoted e -> moved(moving(e), new RolloutState.Promoted(e.at()));
      case RolloutEvent.RolledBack e ->
          moved(run(e), new RolloutState.RolledBack(e.because(), e.words(), e.at()));
    };
  }

  private RolloutState entered(int step, Instant at, RolloutEvent.Progress event) {
    return Rollout.entered(run(event).terms().settings(), step(step, event), at);
  }

  private int step(int step, RolloutEvent.Progress event) {
    if (step < 0 || step > run(event).terms().settings().last()) {
      throw cannotFollow(event);
    }
    return step;
  }

  private RolloutState resumed(RolloutEvent.Resumed event) {
    if (run(event).state() instanceof RolloutState.Paused paused) {
      return RolloutState.resumed(paused, event.at());
    }
    throw cannotFollow(event);
  }

  /** The event's rollout, which is under way and not paused. */
  private Run moving(RolloutEvent.Progress event) {
    Run run = run(event);
    if (run.state() instanceof RolloutState.Paused) {
      throw cannotFollow(event);
    }
    return run;
  }

  private Run run(RolloutEvent.Progress event) {
    return underWay()
        .filter(run -> run.terms().rollout().equals(event.rollout()))
        .orElseThrow(() -> cannotFollow(event));
  }

  private IllegalArgumentException cannotFollow(RolloutEvent event) {
    return new IllegalArgumentException(
        "a '%s' event cannot follow here: %s"
            .formatted(
                event.type(),
                last.map(run -> "the last rollout's state is " + run.state())
                    .orElse("there was no rollout")));
  }

  private ModelHistory moved(Run from, RolloutState to) {
    Run run = new Run(from.terms(), to);
    return switch (to) {
      case RolloutState.Shadowing _,
          RolloutState.Stepping _,
          RolloutState.AwaitingApproval _,
          RolloutState.Paused _ ->
          with(run);
      case RolloutState.Promoted _ -> promoted(run);
      case RolloutState.RolledBack back -> rolledBack(run, back);
    };
  }

  private ModelHistory with(Run run) {
    return new ModelHistory(configured, applied, base, because, Optional.of(run), barred);
  }

  private ModelHistory promoted(Run run) {
    String candidate = run.terms().candidate();
    String words =
        "version %s was promoted by rollout %s".formatted(candidate, run.terms().rollout());
    RoutingPolicy next = new RoutingPolicy.Fixed(candidate);
    Set<String> still = new HashSet<>(barred);
    still.remove(candidate);
    if (configurationWaits()) {
      next = configured;
      still.clear();
      words =
          "as configured during rollout %s, which promoted version %s; it gets %s"
              .formatted(
                  run.terms().rollout(), candidate, percent(100 * next.probability(candidate)));
    }
    return new ModelHistory(configured, configured, next, words, Optional.of(run), still);
  }

  private ModelHistory rolledBack(Run run, RolloutState.RolledBack back) {
    String candidate = run.terms().candidate();
    String stable = run.terms().stable();
    boolean waited = configurationWaits();
    Set<String> still = new HashSet<>(waited ? Set.of() : barred);
    if (back.because().alerts()) {
      still.add(candidate);
    }
    RoutingPolicy before = waited ? configured : base;
    String words =
        "%s, with version %s's share given to version %s: rollout %s was rolled back (%s)"
            .formatted(
                waited ? "as configured during the rollout" : "as before the rollout",
                candidate,
                stable,
                run.terms().rollout(),
                back.because().label());
    return new ModelHistory(
        configured,
        configured,
        Shares.without(before, candidate, stable),
        words,
        Optional.of(run),
        still);
  }
}
