package weir.observation;

import java.util.List;

/**
 * The catalogue: every metric of Weir's own, declared once and registered from here.
 *
 * <p>Beside these a scrape holds only the families {@code jvm_}, {@code process_} and {@code
 * system_}. Durations are in seconds. A series of a model or variant starts at 0 when it is
 * configured, so that no join or rate misses it. Over 300 lines because it is one list.
 */
public enum Metric {
  // requests
  REQUESTS(
      "weir_requests_total",
      Type.COUNTER,
      Unit.NONE,
      Labels.VARIANT_OUTCOME_SOURCE,
      "Assigned requests by outcome (ok, or who is to blame: caller, capacity, backend, gateway)"
          + " and by source of the answer (model, cache, coalesced, none)."),
  REQUEST_DURATION(
      "weir_request_duration_seconds",
      Type.HISTOGRAM,
      Unit.SECONDS,
      Labels.VARIANT,
      "Time from a request's arrival to its end, of every assigned request."),
  MODEL_DURATION(
      "weir_model_duration_seconds",
      Type.HISTOGRAM,
      Unit.SECONDS,
      Labels.VARIANT,
      "Time that the model took, of requests answered by the model and not by a cache."),
  OVERHEAD(
      "weir_overhead_seconds",
      Type.HISTOGRAM,
      Unit.SECONDS,
      Labels.VARIANT,
      "Time of a request outside its model, of requests answered by the model."),
  REFUSALS(
      "weir_refusals_total",
      Type.COUNTER,
      Unit.NONE,
      List.of("model", "reason"),
      "Requests refused, before or after an assignment; the model is empty when it is not known."),
  IN_FLIGHT(
      "weir_in_flight",
      Type.GAUGE,
      Unit.NONE,
      List.of(),
      "Requests that have begun and not ended."),

  // split
  SPLIT_WEIGHT(
      "weir_split_weight",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT,
      "Probability with which the live plan gives an unmatched, unpinned unit this variant."),
  ASSIGNMENTS(
      "weir_assignments_total",
      Type.COUNTER,
      Unit.NONE,
      List.of("model", "variant", "because"),
      "Assigned requests by the ground of their assignment."),
  PLAN_GENERATION(
      "weir_plan_generation", Type.GAUGE, Unit.NONE, List.of(), "Generation of the live plan."),

  // cache
  CACHE_REQUESTS(
      "weir_cache_requests_total",
      Type.COUNTER,
      Unit.NONE,
      Labels.VARIANT_RESULT,
      "Requests that asked the cache, by result (hit, miss, coalesced)."),
  CACHE_BYTES(
      "weir_cache_bytes",
      Type.GAUGE,
      Unit.BYTES,
      Labels.VARIANT,
      "Size of the answers in the cache."),
  CACHE_EVICTIONS(
      "weir_cache_evictions_total",
      Type.COUNTER,
      Unit.NONE,
      Labels.VARIANT,
      "Answers that left the cache for want of room or because of their age."),

  // backend
  BACKEND_UP(
      "weir_backend_up",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT,
      "Whether the variant's backend is ready: 1 or 0."),
  BACKEND_ATTEMPTS(
      "weir_backend_attempts_total",
      Type.COUNTER,
      Unit.NONE,
      Labels.VARIANT_RESULT,
      "Calls to the backend, each retry too, by result (ok, timeout, failed, unreachable, invalid)."),
  BACKEND_QUEUE(
      "weir_backend_queue_seconds",
      Type.HISTOGRAM,
      Unit.SECONDS,
      Labels.VARIANT,
      "Time that a request waited for its turn at the backend."),

  // drift
  DRIFT_WINDOW_BIN(
      "weir_drift_window_bin",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_FEATURE_BIN,
      "Rows of the current window in each bin of the baseline, by the bin's upper bound or value."),
  DRIFT_WINDOW_ODD(
      "weir_drift_window_odd",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_FEATURE_ODD,
      "Rows of the current window that are missing, out_of_range or unseen."),
  DRIFT_SAMPLES(
      "weir_drift_samples",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_FEATURE,
      "Rows of the current window."),
  DRIFT_SAMPLES_MIN(
      "weir_drift_samples_min",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT,
      "Rows that a window needs before anything is said."),
  DRIFT_WINDOW(
      "weir_drift_window_seconds",
      Type.GAUGE,
      Unit.SECONDS,
      Labels.VARIANT,
      "Length of the window."),
  DRIFT_SCORE(
      "weir_drift_score",
      Type.GAUGE,
      Unit.NONE,
      List.of("model", "variant", "feature", "distance"),
      "Distance of the last judged window from the baseline (psi, js, ks, wasserstein)."),
  DRIFT_STATUS(
      "weir_drift_status",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_FEATURE,
      "What can be said: -1 insufficient, 0 ok, 1 warn, 2 drift."),
  DRIFT_UNTRACKED(
      "weir_drift_untracked",
      Type.GAUGE,
      Unit.NONE,
      List.of("model", "variant", "limit"),
      "Signals of the baseline beyond the limit (features), and signals with values beyond it"
          + " (values)."),
  BASELINE_BIN_RATIO(
      "weir_baseline_bin_ratio",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_FEATURE_BIN,
      "Share of the baseline's rows with a value in each bin."),
  BASELINE_ODD_RATIO(
      "weir_baseline_odd_ratio",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_FEATURE_ODD,
      "Share of the baseline's rows that are missing, out_of_range or unseen."),
  BASELINE_SAMPLES(
      "weir_baseline_samples",
      Type.GAUGE,
      Unit.NONE,
      List.of("model", "variant", "feature", "side"),
      "Rows of the baseline with a value, of inputs and outputs (side)."),
  BASELINE_TIMESTAMP(
      "weir_baseline_timestamp_seconds",
      Type.GAUGE,
      Unit.SECONDS,
      Labels.VARIANT,
      "When the baseline was made, in seconds since 1970."),
  INVALID_INPUTS(
      "weir_invalid_inputs_total",
      Type.COUNTER,
      Unit.NONE,
      List.of("model", "feature", "reason"),
      "Requests refused because this input was missing or had another datatype or shape."),

  // feedback
  FEEDBACK(
      "weir_feedback_total",
      Type.COUNTER,
      Unit.NONE,
      List.of("model", "result"),
      "Values sent as feedback, by what became of them (accepted, duplicate, malformed, forged,"
          + " unknown_key, foreign, expired, unavailable)."),

  // journal
  JOURNAL_APPEND_DURATION(
      "weir_journal_append_duration_seconds",
      Type.HISTOGRAM,
      Unit.SECONDS,
      List.of(),
      "Time from an append's arrival at the journal until it was durable, conflicts too."),
  JOURNAL_FAILURES(
      "weir_journal_failures_total",
      Type.COUNTER,
      Unit.NONE,
      List.of("operation"),
      "Operations (append, checkpoint, feedback, read) that the journal could not do."),
  JOURNAL_FEEDBACK_ROWS(
      "weir_journal_feedback_rows",
      Type.GAUGE,
      Unit.NONE,
      List.of(),
      "Rows of accepted feedback in the journal's database, as far as this process knows."),
  JOURNAL_LAST_WRITE(
      "weir_journal_last_write_timestamp_seconds",
      Type.GAUGE,
      Unit.SECONDS,
      List.of(),
      "When this process last wrote to the journal, in seconds since 1970; absent before that."),
  // notices
  NOTICES(
      "weir_notices_total",
      Type.COUNTER,
      Unit.NONE,
      List.of("sink", "result"),
      "Notices by sink (stream, or a webhook's name) and result (sent, failed after every attempt,"
          + " dropped because the sink was too slow)."),

  // self
  OBSERVATIONS_DROPPED(
      "weir_observations_dropped_total",
      Type.COUNTER,
      Unit.NONE,
      List.of("sink"),
      "Observations and spans that a sink did not take: its queue was full, it failed, or it was"
          + " closed."),
  BUILD_INFO(
      "weir_build_info",
      Type.INFO,
      Unit.NONE,
      List.of("version", "java"),
      "The running build; always 1.");

  /** What a metric is in the exposition; text 0.0.4 shows an {@link #INFO} as a gauge of 1. */
  public enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    INFO
  }

  /** What a value counts in. */
  public enum Unit {
    NONE,
    SECONDS,
    BYTES
  }

  private final String exposedName;
  private final Type type;
  private final Unit unit;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> labels;

  private final String help;

  Metric(String exposedName, Type type, Unit unit, List<String> labels, String help) {
    this.exposedName = exposedName;
    this.type = type;
    this.unit = unit;
    this.labels = labels;
    this.help = help;
  }

  /**
   * The name in Prometheus; a histogram's series add {@code _bucket}, {@code _count}, {@code _sum}.
   */
  public String exposedName() {
    return exposedName;
  }

  public Type type() {
    return type;
  }

  public Unit unit() {
    return unit;
  }

  /** The label names in order, without a histogram's {@code le}. */
  public List<String> labels() {
    return labels;
  }

  public String help() {
    return help;
  }

  /** Whether each variant has series of its own, which go when the variant goes. */
  boolean perVariant() {
    return labels.size() >= 2 && labels.subList(0, 2).equals(Labels.VARIANT);
  }

  /** The label sets that several metrics share. */
  private static final class Labels {
    static final List<String> VARIANT = List.of("model", "variant");
    static final List<String> VARIANT_FEATURE = List.of("model", "variant", "feature");
    static final List<String> VARIANT_FEATURE_BIN = List.of("model", "variant", "feature", "bin");
    static final List<String> VARIANT_FEATURE_ODD = List.of("model", "variant", "feature", "odd");
    static final List<String> VARIANT_RESULT = List.of("model", "variant", "result");
    static final List<String> VARIANT_OUTCOME_SOURCE =
        List.of("model", "variant", "outcome", "source");
  }
}
