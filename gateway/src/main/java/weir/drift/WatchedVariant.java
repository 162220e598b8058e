package weir.drift;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import weir.drift.DriftReport.OfVariant;
import weir.inference.ModelSignature;
import weir.inference.Tensor;
import weir.inference.Variant;

/** One variant under watch: its counters, windows and last report. */
final class WatchedVariant {
  /** What a watch is made from; an equal one need not be made again. */
  record Terms(
      Variant variant, ModelSignature signature, DriftSettings settings, Baseline baseline) {
    /** The signals within the limit. */
    List<Signal> signals() {
      List<Signal> all = baseline.signals();
      return all.subList(0, Math.min(all.size(), settings.featuresMax()));
    }
  }

  private final Terms terms;
  private final List<Signal> signals;
  private final Layout layout;
  private final DriftTally tally;
  private final DriftWindows windows;
  private final DriftJudge judge;
  private List<SignalDrift> judged;
  private volatile OfVariant report;

  WatchedVariant(Terms terms, Instant start) {
    this.terms = terms;
    signals = terms.signals();
    layout = new Layout(signals);
    tally = new DriftTally(signals, layout, terms.signature(), terms.settings().batchRowsMax());
    windows = new DriftWindows(layout.slots(), terms.settings().window(), start);
    judge = new DriftJudge(terms.settings(), signals);
    judged = look().stream().map(signal -> signal.since(start)).toList();
    report = report(judged);
  }

  Terms terms() {
    return terms;
  }

  OfVariant report() {
    return report;
  }

  /** Counts an answered request; any thread. */
  void add(List<Tensor> inputs, List<Tensor> outputs) {
    tally.add(inputs, outputs);
  }

  /** Whether {@link #tick} has something to do. */
  boolean due(Instant now) {
    return windows.due(now);
  }

  /**
   * Closes a bucket and, at a window's end, judges: the changes of status. One thread at a time.
   */
  List<DriftEvent> tick(Instant now) {
    boolean ended = windows.close(now, tally.snapshot());
    List<SignalDrift> fresh = look();
    List<DriftEvent> events = new ArrayList<>();
    List<SignalDrift> said = new ArrayList<>();
    for (int i = 0; i < fresh.size(); i++) {
      SignalDrift before = judged.get(i);
      SignalDrift signal = fresh.get(i);
      if (!ended) {
        said.add(signal.saying(before));
      } else if (signal.status() == before.status()) {
        said.add(signal.since(before.since()));
      } else {
        said.add(signal);
        events.add(new DriftEvent(terms.variant(), before.status(), signal, windows.end()));
      }
    }
    judged = List.copyOf(said);
    report = report(judged);
    return events;
  }

  private List<SignalDrift> look() {
    long[] previous = windows.window(1);
    long[] current = windows.window(0);
    List<SignalDrift> seen = new ArrayList<>();
    for (int i = 0; i < signals.size(); i++) {
      seen.add(
          judge.judge(
              signals.get(i),
              layout.counts(i, previous),
              layout.counts(i, current),
              windows.end()));
    }
    return seen;
  }

  private OfVariant report(List<SignalDrift> said) {
    DriftStatus status = DriftStatus.OK;
    for (SignalDrift signal : said) {
      status = status.or(signal.status());
    }
    return new OfVariant(
        terms.variant(),
        terms.baseline().madeAt(),
        windows.end().minus(terms.settings().window()),
        windows.end(),
        judge.alpha(),
        status,
        said);
  }
}
