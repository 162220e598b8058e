package weir.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.experiment.Look;
import weir.rollout.RolloutCommand.Answer.Accepted;
import weir.rollout.RolloutSettings.OnDrift;
import weir.rollout.RolloutState.Because;
import weir.routing.MatchRule;
import weir.routing.ModelRoute;
import weir.routing.RoutingPolicy;
import weir.routing.Share;
import weir.routing.Stickiness;

/** Random commands and looks in any order, and what must be true after each of them. */
class RolloutJourneysTest {
  private static final List<String> VERSIONS = List.of("1", "2", "3", "4");
  private static final int MOVES = 20_000;

  private final Map<Because, Integer> ends = new EnumMap<>(Because.class);
  private final Set<String> rolledBack = new HashSet<>();
  private final Set<String> harmed = new HashSet<>();
  private final List<RolloutEvent> events = new ArrayList<>();
  private Random random = new Random(0);
  private Instant now = Looks.T0;
  private ModelHistory history = ModelHistory.of(new RoutingPolicy.Fixed("1"));
  private int promotions;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void journeys_anyOrder_neverGiveARolledBackCandidateTraffic(long seed) {
    random = new Random(seed);
    events.add(new RolloutEvent.Configured(history.configured()));
    for (int i = 0; i < MOVES; i++) {
      now = now.plus(Duration.ofMinutes(random.nextInt(20)));
      move();
      check();
    }

    assertThat(ModelHistory.of(read(events))).contains(history);
    assertThat(ends).containsOnlyKeys(Because.values());
    assertThat(promotions).isPositive();
  }

  private void move() {
    Optional<ModelHistory.Run> run = history.underWay();
    if (run.isPresent() && random.nextInt(3) > 0) {
      Decision decision = Rollout.next(run.get().terms(), run.get().state(), look(), now);
      if (decision instanceof Decision.Move move) {
        take(move.event(run.get().terms().rollout()));
      }
    } else if (CommandDesk.answer(history, command(), now) instanceof Accepted accepted) {
      accepted.events().forEach(this::take);
    }
  }

  private void take(RolloutEvent event) {
    Optional<ModelHistory.Run> before = history.underWay();
    history = history.after(event);
    events.add(event);
    switch (event) {
      case RolloutEvent.Configured _ -> {
        rolledBack.clear();
        harmed.clear();
      }
      case RolloutEvent.SplitSet set -> {
        rolledBack.removeIf(version -> set.policy().probability(version) > 0);
        harmed.removeIf(version -> set.policy().probability(version) > 0);
      }
      case RolloutEvent.Started started -> rolledBack.remove(started.terms().candidate());
      case RolloutEvent.RolledBack back -> {
        String candidate = before.orElseThrow().terms().candidate();
        rolledBack.add(candidate);
        if (back.because().alerts()) {
          harmed.add(candidate);
        }
        ends.merge(back.because(), 1, Integer::sum);
      }
      case RolloutEvent.BanditEvent _,
          RolloutEvent.Stepped _,
          RolloutEvent.ApprovalAwaited _,
          RolloutEvent.Approved _,
          RolloutEvent.Paused _,
          RolloutEvent.Resumed _,
          RolloutEvent.Promoted _ -> {}
    }
    if (before.isPresent()
        && history.last().orElseThrow().state() instanceof RolloutState.Promoted) {
      harmed.remove(before.get().terms().candidate());
      promotions++;
    }
  }

  private void check() {
    double sum = VERSIONS.stream().mapToDouble(history.policy()::probability).sum();
    assertThat(sum).isEqualTo(1, within(1e-12));
    ModelRoute route = history.route(configuredRoute());
    for (String version : rolledBack) {
      assertThat(route.policy().probability(version)).describedAs("%s", history).isZero();
    }
    String running = history.underWay().map(run -> run.terms().candidate()).orElse("");
    for (String version : harmed) {
      if (!version.equals(running)) {
        assertThat(route.matches()).noneMatch(rule -> rule.version().equals(version));
      }
    }
    history
        .underWay()
        .ifPresent(run ->
            assertThat(route.policy().probability(run.terms().stable()) + history.candidateShare())
                .isEqualTo(1, within(1e-12)));
  }

  private static ModelRoute configuredRoute() {
    List<MatchRule> rules =
        VERSIONS.stream()
            .<MatchRule>map(version -> new MatchRule.UnitIn(Set.of(version), version))
            .toList();
    return new ModelRoute("m", new Stickiness.ByHeader("u"), rules, new RoutingPolicy.Fixed("1"));
  }

  private Look look() {
    return switch (random.nextInt(12)) {
      case 0 -> Looks.guarded(Looks.PASSES);
      case 1 -> Looks.look(Looks.MISSING, Looks.HARMFUL);
      case 2 -> Looks.look(Looks.INVALID, Looks.PASSES);
      case 3, 4, 5 -> Looks.look(Looks.MISSING);
      default -> Looks.look(Looks.PASSES);
    };
  }

  private RolloutCommand command() {
    return switch (random.nextInt(12)) {
      case 0 -> new RolloutCommand.Configure(policy());
      case 1 -> new RolloutCommand.SetSplit(policy());
      case 2, 3 -> new RolloutCommand.Pause();
      case 4, 5 -> new RolloutCommand.Resume();
      case 6 -> new RolloutCommand.Advance(look());
      case 7 -> new RolloutCommand.Abort();
      default -> new RolloutCommand.Start(terms());
    };
  }

  private RolloutTerms terms() {
    int stable = random.nextInt(VERSIONS.size());
    int candidate = (stable + 1 + random.nextInt(VERSIONS.size() - 1)) % VERSIONS.size();
    RolloutSettings settings =
        Looks.settings(
            random.nextBoolean() ? List.of() : List.of(5.0, 100.0),
            Duration.ofMinutes(random.nextInt(2) * 30L),
            random.nextInt(5) == 0,
            OnDrift.IGNORE);
    return new RolloutTerms(
        "r" + events.size(),
        VERSIONS.get(stable),
        VERSIONS.get(candidate),
        "salt-" + events.size(),
        settings);
  }

  private RoutingPolicy policy() {
    if (random.nextBoolean()) {
      return new RoutingPolicy.Fixed(VERSIONS.get(random.nextInt(VERSIONS.size())));
    }
    List<Share> shares = new ArrayList<>();
    VERSIONS.forEach(version -> shares.add(new Share(version, random.nextInt(3))));
    shares.add(new Share("4", 1));
    shares.remove(3);
    return new RoutingPolicy.Split(shares);
  }

  private static List<RolloutEvent> read(List<RolloutEvent> events) {
    return events.stream()
        .map(event -> RolloutJson.read(event.type(), RolloutJson.write(event)))
        .toList();
  }
}
