package weir.rollout;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import weir.experiment.Check;
import weir.experiment.ExperimentSettings;
import weir.experiment.ShadowComparisons;
import weir.inference.InferenceResult.Source;
import weir.inference.Reason;
import weir.inference.Variant;
import weir.journal.Journal;
import weir.journal.Recorded;
import weir.journal.SqliteJournal;
import weir.observation.GatewayMetrics;
import weir.observation.JournalMeters;
import weir.observation.Observation;
import weir.observation.Outcome;
import weir.routing.Assignment;
import weir.routing.Because;
import weir.routing.LivePlan;
import weir.routing.ModelRoute;
import weir.routing.RoutePlan;
import weir.routing.RoutingPolicy;
import weir.routing.Share;
import weir.routing.Stickiness;

/** One control on a real journal file, under a clock that is set by hand. */
final class ControlRig implements AutoCloseable {
  static final String MODEL = "price";
  static final RoutingPolicy ONE = new RoutingPolicy.Fixed("1");

  /** Half of the traffic at once, then all; errors alone decide. */
  static final RolloutSettings STEPS =
      new RolloutSettings(
          List.of(20.0, 50.0, 100.0),
          Duration.ofSeconds(10),
          Duration.ofHours(1),
          List.of(),
          Duration.ZERO,
          false,
          RolloutSettings.OnDrift.IGNORE);

  private static final AtomicInteger REPLICAS = new AtomicInteger();

  final GatewayMetrics metrics = GatewayMetrics.create("test", InstantSource.system());
  final LivePlan plan = new LivePlan(new RoutePlan(0, Map.of()));
  final List<Change> told = new ArrayList<>();
  final AtomicInteger woken = new AtomicInteger();
  final ShadowComparisons shadows = new ShadowComparisons(metrics.shadow(), InstantSource.system());
  final Journal journal;
  final RolloutControl control;
  private final Path file;
  private final Random random = new Random(11);
  private Instant now = Instant.parse("2027-03-01T12:00:00Z");

  /** How a rig comes to its journal. */
  interface Opening {
    Journal open(Clock clock, JournalMeters meters);
  }

  ControlRig(Path file) {
    this(file, (clock, meters) -> SqliteJournal.open(file, clock, meters));
  }

  /** On a journal that is in no file. */
  ControlRig(Opening opening) {
    this(Path.of("none"), opening);
  }

  private ControlRig(Path file, Opening opening) {
    this.file = file;
    Clock clock = new HandClock();
    journal = opening.open(clock, metrics.journal());
    control =
        RolloutControl.create(
            new RolloutControl.Around(
                plan,
                journal,
                _ -> {},
                told::add,
                (_, _) -> List.of(),
                shadows,
                metrics.rollout(),
                "replica-" + REPLICAS.incrementAndGet(),
                clock,
                () -> Duration.between(Instant.EPOCH, now).toNanos()),
            new RolloutControl.Wake(woken::incrementAndGet, () -> {}));
  }

  private final class HandClock extends Clock {
    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  static ModelPlan planOf(RoutingPolicy policy, RolloutSettings rollout) {
    return new ModelPlan(
        new ModelRoute(MODEL, new Stickiness.ByHeader("x-user-id"), List.of(), policy),
        true,
        false,
        new ExperimentSettings(
            0.01,
            Duration.ofHours(1),
            Optional.empty(),
            100_000,
            100,
            List.of(new Check.Errors(0.05, Optional.empty(), true))),
        rollout);
  }

  ControlRig configured(RoutingPolicy policy) {
    return configured(policy, STEPS);
  }

  ControlRig configured(RoutingPolicy policy, RolloutSettings rollout) {
    control.configure(Map.of(MODEL, planOf(policy, rollout)));
    return this;
  }

  void passes(Duration time) {
    now = now.plus(time);
  }

  Instant now() {
    return now;
  }

  /** A look, with what goes to and from the journal before and after it. */
  ControlRig tick() {
    control.exchange();
    control.tick();
    control.exchange();
    return this;
  }

  static RolloutControl.Asked by(String actor) {
    return new RolloutControl.Asked(actor, "because of a test", OptionalLong.empty());
  }

  CommandResult start() {
    return control.start(MODEL, "2", _ -> Optional.empty(), by("ada"));
  }

  CommandResult command(RolloutCommand command) {
    return control.command(MODEL, command, by("ada"));
  }

  CommandResult split(double one, double two) {
    return command(
        new RolloutCommand.SetSplit(
            new RoutingPolicy.Split(List.of(new Share("1", one), new Share("2", two)))));
  }

  RoutingPolicy policy() {
    ModelRoute route = plan.current().models().get(MODEL);
    return route == null ? new RoutingPolicy.Fixed("none") : route.policy();
  }

  ModelRoute route() {
    ModelRoute route = plan.current().models().get(MODEL);
    if (route == null) {
      throw new IllegalStateException("no route yet");
    }
    return route;
  }

  double share(String version) {
    return policy().probability(version);
  }

  /** Requests of new units each, divided as the plan says; those of {@code failing} fail. */
  ControlRig requests(int count, String failing) {
    for (int i = 0; i < count; i++) {
      String version = random.nextDouble() < share("2") ? "2" : "1";
      Assignment assignment =
          new Assignment(
              version, share(version), route().generation(), because(), random.nextLong());
      long token = control.began(MODEL, assignment, (_, _, _) -> true);
      Outcome outcome =
          version.equals(failing) ? Outcome.of(Reason.BACKEND_FAILED) : Outcome.of(Source.MODEL);
      control.ended(
          token,
          new Observation(
              new Variant(MODEL, version),
              assignment,
              true,
              outcome,
              1_000_000 + random.nextInt(1_000),
              900_000,
              Double.NaN,
              ""));
    }
    return this;
  }

  private Because because() {
    return switch (policy()) {
      case RoutingPolicy.Fixed _ -> Because.FIXED;
      case RoutingPolicy.Split _ -> Because.SPLIT;
      case RoutingPolicy.Bandit _ -> Because.BANDIT;
    };
  }

  List<String> events() {
    return journal.read("model/" + MODEL, 0).stream().map(each -> each.entry().type()).toList();
  }

  Recorded lastEvent() {
    return journal.recent("model/" + MODEL, 1).getFirst();
  }

  ModelStatus status() {
    return control.status(MODEL).orElseThrow();
  }

  /** What the evidence says, in a form that can be compared. */
  String evidence() {
    return "%s %s".formatted(control.look(MODEL), status().report().orElseThrow());
  }

  /** Holds the file against every writer until closed, as a backup that went wrong would. */
  AutoCloseable locked() throws SQLException {
    Connection holder = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = holder.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
    }
    return holder;
  }

  @Override
  public void close() {
    journal.close();
    metrics.close();
  }
}
