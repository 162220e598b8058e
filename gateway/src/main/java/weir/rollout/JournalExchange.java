package weir.rollout;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import weir.journal.Append;
import weir.journal.Journal;
import weir.journal.JournalUnavailableException;
import weir.journal.Lease;
import weir.journal.Recorded;
import weir.rollout.ModelControl.Told;

/**
 * What goes between the board and the journal, one thing at a time: others' events in, own events
 * and evidence out.
 *
 * <p>Its lock is held while the journal is waited for, the board's never is: a journal that stands
 * still delays growth and nothing else.
 */
final class JournalExchange {
  private static final Logger LOG = System.getLogger(JournalExchange.class.getName());
  private static final Duration TURN_WITHIN = Duration.ofSeconds(10);
  private static final int READ_AT_ONCE = 500;
  private static final int ATTEMPTS_MAX = 10;

  private final RolloutControl.Around around;
  private final Journal journal;
  private final ModelBoard board;
  private final Leadership leadership;
  private final Measuring measuring;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final List<Change> untold = new ArrayList<>();
  private final Set<Waiting> toldEarly = new HashSet<>();
  private long heardUntil = -1;
  private volatile long answeredNanos;
  private volatile String problem = "it has not been reached yet";

  JournalExchange(
      RolloutControl.Around around, ModelBoard board, Leadership leadership, Measuring measuring) {
    this.around = around;
    this.journal = around.journal();
    this.board = board;
    this.leadership = leadership;
    this.measuring = measuring;
    this.answeredNanos = around.nanoTime().getAsLong();
  }

  /** How long ago all that others recorded was known here; from the start before the first time. */
  Duration age() {
    return Duration.ofNanos(around.nanoTime().getAsLong() - answeredNanos);
  }

  /** What keeps this replica from the journal, in words; "" when nothing does. */
  String problem() {
    return problem;
  }

  /** Whether nobody else can be expected to know what happens here. */
  boolean cutOff() {
    return age().compareTo(Leadership.TIME) > 0;
  }

  /**
   * Does {@code work}, which may wait for the journal, in its turn; then tells what changed.
   *
   * @throws JournalUnavailableException when others wait for the journal too long
   */
  <T> T alone(Supplier<T> work) {
    try {
      if (!turn.tryLock(TURN_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new JournalUnavailableException(
            "The journal is slow, and others wait for it; "
                + (problem.isEmpty() ? "try again" : problem));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JournalUnavailableException("The wait for the journal was interrupted", e);
    }
    try {
      return work.get();
    } finally {
      List<Change> told = List.copyOf(untold);
      untold.clear();
      turn.unlock();
      told.forEach(around.listener());
    }
  }

  /** Takes in what is new, records what waits, lets rollouts grow; each second and when woken. */
  void pass() {
    String before = problem;
    try {
      alone(() -> {
        problem = passed();
        return true;
      });
    } catch (JournalUnavailableException e) {
      problem = String.valueOf(e.getMessage());
    }
    if (before.isEmpty() != problem.isEmpty()) {
      LOG.log(
          problem.isEmpty() ? Level.INFO : Level.WARNING,
          problem.isEmpty()
              ? "the journal answers; this replica is " + around.replica()
              : "the last plan goes on and nothing grows: " + problem);
    }
  }

  /** What prevented it, or "". */
  private String passed() {
    try {
      long asked = around.nanoTime().getAsLong();
      recordAll();
      if (board.locked(() -> !board.models().isEmpty())) {
        leadership.renew();
      }
      hear();
      recordAll();
      toldEarly.clear();
      board.locked(() -> List.copyOf(board.models())).forEach(this::grow);
      measuring.exchange();
      answeredNanos = asked;
      return "";
    } catch (JournalUnavailableException e) {
      tellWaiting(String.valueOf(e.getMessage()));
      return String.valueOf(e.getMessage());
    }
  }

  // --- in

  /** Takes in what others recorded since the last time. */
  private void hear() {
    begin();
    List<Recorded> news;
    do {
      news = journal.after(heardUntil, READ_AT_ONCE);
      for (Recorded each : news) {
        board
            .locked(() -> ModelControl.modelOf(each.stream()).flatMap(board::find))
            .ifPresent(control -> take(control, each, true));
        heardUntil = each.position();
      }
    } while (news.size() == READ_AT_ONCE);
    settle();
  }

  /** Whoever reads whole streams after this misses nothing. */
  private void begin() {
    if (heardUntil < 0) {
      heardUntil = journal.recent("", 1).stream().mapToLong(Recorded::position).max().orElse(0);
    }
  }

  /** A model not known before, with all that the journal says of it. */
  ModelControl adopt(String model, ModelPlan plan) {
    begin();
    ModelControl control = new ModelControl(model, plan);
    for (Recorded each : journal.read(ModelControl.stream(model), 0)) {
      take(control, each, false);
    }
    return control;
  }

  /** Takes in what others recorded of one model. */
  void hear(ModelControl control) {
    long known = board.locked(control::revision);
    for (Recorded each : journal.read(ModelControl.stream(control.model()), known)) {
      take(control, each, true);
    }
  }

  /** An entry of a newer build stops what follows in its model alone. */
  private void take(ModelControl control, Recorded entry, boolean news) {
    try {
      board.change(() ->
          control
              .fold(entry)
              .ifPresent(told -> {
                boolean early = toldEarly.remove(told.event());
                if (news) {
                  control.words = told.event().words();
                }
                boolean configuredHere =
                    told.own() && told.event().event() instanceof RolloutEvent.Configured;
                if (news && !early && !configuredHere) {
                  untold.add(change(control, told, entry.at()));
                }
              }));
    } catch (IllegalArgumentException e) {
      LOG.log(
          Level.ERROR,
          "revision %d of %s is not understood; this replica follows the model no further"
              .formatted(entry.revision(), entry.stream()),
          e);
    }
  }

  private static Change change(ModelControl control, Told told, Instant at) {
    RolloutEvent event = told.event().event();
    String version =
        event instanceof RolloutEvent.Configured || event instanceof RolloutEvent.SplitSet
            ? ""
            : control.history().last().map(run -> run.terms().candidate()).orElse("");
    return new Change(
        control.model(),
        version,
        event,
        told.event().actor(),
        told.event().words(),
        at,
        told.own());
  }

  /** Measures what begins, ends what is over, and publishes. */
  void settle() {
    measuring.settle();
  }

  // --- out

  /**
   * Adds {@code mine} after revision {@code expected}, under a lease when there is one. What won
   * instead is taken in.
   */
  Append append(ModelControl control, Waiting mine, long expected, Optional<Lease> lease) {
    board.change(() -> control.trying(mine));
    String stream = ModelControl.stream(control.model());
    Append done =
        lease.isPresent()
            ? journal.append(stream, expected, mine.entry(), lease.get())
            : journal.append(stream, expected, mine.entry());
    switch (done) {
      case Append.Appended appended -> take(control, appended.recorded(), true);
      case Append.Conflict _ -> hear(control);
      case Append.Fenced _ -> leadership.lost();
    }
    return done;
  }

  /** Records what is in effect already; what others did meanwhile goes before it. */
  void record(ModelControl control) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Optional<Waiting> first = board.locked(() -> control.waiting().stream().findFirst());
      if (first.isEmpty()) {
        return;
      }
      append(control, first.get(), board.locked(control::revision), Optional.empty());
      settle();
    }
    throw new JournalUnavailableException(
        "model %s: others change it all the while; try again".formatted(control.model()));
  }

  private void recordAll() {
    board.locked(() -> List.copyOf(board.models())).forEach(this::record);
  }

  /** What is in effect and cannot be recorded is told all the same. */
  private void tellWaiting(String why) {
    Instant now = around.clock().instant();
    board.change(() -> {
      for (ModelControl control : board.models()) {
        for (Waiting mine : control.waiting()) {
          control.words = "in effect, not recorded yet: " + why;
          if (toldEarly.add(mine)) {
            untold.add(change(control, new Told(mine, true), now));
          }
        }
      }
    });
  }

  /**
   * Lets a rollout grow as the last look said, if this replica has led ever since and nothing has
   * changed.
   */
  private void grow(ModelControl control) {
    Optional<ModelControl.Growth> asked = board.locked(control::takeGrowth);
    Optional<Lease> lease = asked.map(ModelControl.Growth::lease).filter(leadership::holds);
    if (lease.isPresent()) {
      append(control, asked.get().event(), asked.get().revision(), lease);
      settle();
    }
  }
}
