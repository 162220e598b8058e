package weir.observation;

import java.util.List;

/**
 * The catalogue: every metric of Weir's own, declared once and registered from here.
 *
 * <p>Beside these a scrape holds only the families {@code jvm_}, {@code process_} and {@code
 * system_}. Durations are in seconds. A series of a model or variant starts at 0 when it is
 * configured, so that no join or rate misses it. Those of a rollout come with its first look, lack
 * what is not known or not bounded yet, and stay after its end until the next one or until the
 * model goes.
 *
 * <p>Over 300 lines because it is one list.
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
  CALLER_REQUESTS(
      "weir_caller_requests_total",
      Type.COUNTER,
      Unit.NONE,
      List.of("caller"),
      "Requests let in, by caller: anonymous where nobody has to say who they are, other beyond the"
          + " first hundred."),
  CLIENTS_CUT(
      "weir_clients_cut_total",
      Type.COUNTER,
      Unit.NONE,
      List.of("door", "reason"),
      "Connections and streams that a door (http, management, grpc) ended for its client's doing:"
          + " slow_start, slow_headers, slow_body, slow_reader, too_many, bad_framing, flood."),
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

  FALLBACKS(
      "weir_fallbacks_total",
      Type.COUNTER,
      Unit.NONE,
      Labels.VARIANT_RESULT,
      "Requests that failed on this variant and were then asked of the stable one, by how that"
          + " ended (ok, failed); for this variant they count as errors either way."),

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
      "Calls to the backend, each retry too, by result (ok, timeout, failed, unreachable, invalid,"
          + " refused, busy, broken)."),
  BACKEND_QUEUE(
      "weir_backend_queue_seconds",
      Type.HISTOGRAM,
      Unit.SECONDS,
      Labels.VARIANT,
      "Time that a request waited for its turn at the backend."),

  // backend of a variant that computes elsewhere
  BACKEND_RETRIES(
      "weir_backend_retries_total",
      Type.COUNTER,
      Unit.NONE,
      Labels.VARIANT_RESULT,
      "Attempts after a request's first, by result: sent, or denied because the retry budget was"
          + " used up."),
  BACKEND_LAST_RESORTS(
      "weir_backend_last_resorts_total",
      Type.COUNTER,
      Unit.NONE,
      Labels.VARIANT,
      "Attempts at an endpoint that was down or left out, because no other was there."),
  BACKEND_BREAKER_STATE(
      "weir_backend_breaker_state",
      Type.GAUGE,
      Unit.NONE,
      List.of("model", "variant", "state"),
      "1 for the state of the variant's breaker, 0 for the others: closed, open, half_open."),
  BACKEND_ENDPOINT_UP(
      "weir_backend_endpoint_up",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_ENDPOINT,
      "Whether the endpoint answered its last probe, or a request since: 1 or 0."),
  BACKEND_ENDPOINT_EJECTED(
      "weir_backend_endpoint_ejected",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_ENDPOINT,
      "Whether the endpoint is left out now, after failures or because it asked for it: 1 or 0."),
  BACKEND_IN_FLIGHT(
      "weir_backend_in_flight",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT,
      "Requests that are in work at the variant or wait for it."),
  BACKEND_CONCURRENCY_LIMIT(
      "weir_backend_concurrency_limit",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT,
      "Requests that the variant is given at once, those that wait too; learned from their"
          + " latency."),
  BACKEND_CONNECTIONS(
      "weir_backend_connections",
      Type.GAUGE,
      Unit.NONE,
      List.of("model", "variant", "state"),
      "Connections to the variant's servers, by state (active, idle)."),

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
      "Requests refused because this input was missing, had another datatype or shape, or led to no"
          + " finite answer because it was not finite itself."),

  // experiment
  EXPERIMENT_EFFECT(
      "weir_experiment_effect",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_METRIC,
      "The candidate against the stable variant: a ratio for shares of requests (errors, timeouts,"
          + " invalid_outputs, latency_pN), a difference for means."),
  EXPERIMENT_EFFECT_LOW(
      "weir_experiment_effect_low",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_METRIC,
      "Lower end of the effect's always-valid interval; absent while it is not bounded."),
  EXPERIMENT_EFFECT_HIGH(
      "weir_experiment_effect_high",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_METRIC,
      "Upper end of the effect's always-valid interval; absent while it is not bounded."),
  EXPERIMENT_EVALUE(
      "weir_experiment_evalue",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_METRIC,
      "Evidence E that the candidate is worse, over the whole rollout; 1 is none. Shown from 1e-12"
          + " to 1e12."),
  EXPERIMENT_EVALUE_DECISIVE(
      "weir_experiment_evalue_decisive",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT,
      "E that suffices to call one check harmful whatever the others say: gating checks over"
          + " alpha."),
  EXPERIMENT_SAMPLES(
      "weir_experiment_samples",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_METRIC,
      "Requests or outcomes of each variant that the check's verdict stands on; of requests, those"
          + " of the current step."),
  EXPERIMENT_MEAN(
      "weir_experiment_mean",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_METRIC,
      "Each variant's own share of requests or mean of outcomes, over weir_experiment_samples."),
  EXPERIMENT_ERROR_RATIO(
      "weir_experiment_error_ratio",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT,
      "Share of a variant's measured requests that failed, over the whole rollout."),
  EXPERIMENT_ERROR_RATIO_LOW(
      "weir_experiment_error_ratio_low",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT,
      "Lower end of the error ratio's always-valid interval."),
  EXPERIMENT_ERROR_RATIO_HIGH(
      "weir_experiment_error_ratio_high",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT,
      "Upper end of the error ratio's always-valid interval."),
  EXPERIMENT_LATENCY(
      "weir_experiment_latency_seconds",
      Type.GAUGE,
      Unit.SECONDS,
      Labels.VARIANT_PERCENTILE,
      "Latency percentiles (p50, p95, p99) of a variant's measured requests, over the whole"
          + " rollout."),
  EXPERIMENT_LATENCY_LOW(
      "weir_experiment_latency_low_seconds",
      Type.GAUGE,
      Unit.SECONDS,
      Labels.VARIANT_PERCENTILE,
      "Lower end of the percentile's always-valid interval; absent while it is not bounded."),
  EXPERIMENT_LATENCY_HIGH(
      "weir_experiment_latency_high_seconds",
      Type.GAUGE,
      Unit.SECONDS,
      Labels.VARIANT_PERCENTILE,
      "Upper end of the percentile's always-valid interval; absent while it is not bounded."),
  SRM_EVALUE(
      "weir_srm_evalue",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT,
      "Evidence E that requests or units were not divided by the shares that were set; a mismatch"
          + " from 1000 on. Shown from 1e-12 to 1e12."),

  // shadow; the variant is the shadow
  SHADOW_COMPARISONS(
      "weir_shadow_comparisons_total",
      Type.COUNTER,
      Unit.NONE,
      Labels.VARIANT_RESULT,
      "Copies that a shadow was asked, by what its answer is beside the stable variant's: equal,"
          + " different, failed, incomparable (another output, datatype or shape)."),
  SHADOW_DROPPED(
      "weir_shadow_dropped_total",
      Type.COUNTER,
      Unit.NONE,
      List.of("reason"),
      "Copies that were not computed: copies or bytes (the bound is reached), busy (live requests"
          + " come first), missing (the version cannot serve), closing."),
  SHADOW_DIFFERENCE(
      "weir_shadow_difference",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_PERCENTILE,
      "Largest absolute difference between the numbers of a shadow's answer and of the stable"
          + " variant's: p50, p99 and max over the copies."),

  // rollout; the variant is the candidate
  ROLLOUT_PHASE(
      "weir_rollout_phase",
      Type.GAUGE,
      Unit.NONE,
      List.of("model", "variant", "phase"),
      "1 for the phase of the rollout, 0 for the others: shadowing, stepping, awaiting_approval,"
          + " paused, promoted, or why it was rolled back (failed, harmful, inconclusive,"
          + " aborted)."),
  ROLLOUT_STEP(
      "weir_rollout_step",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT,
      "Index of the step that the rollout is in or ended in, from 0; -1 before the first."),
  ROLLOUT_STEP_STARTED(
      "weir_rollout_step_started_timestamp_seconds",
      Type.GAUGE,
      Unit.SECONDS,
      Labels.VARIANT,
      "When the step began, in seconds since 1970; later by the time of its pauses."),
  ROLLOUT_LAST_CHANGE(
      "weir_rollout_last_change_timestamp_seconds",
      Type.GAUGE,
      Unit.SECONDS,
      List.of("model", "variant", "event"),
      "When the rollout was last started, stepped, approval_awaited, paused, resumed, promoted or"
          + " rolled_back (event), in seconds since 1970; absent when it was not."),
  ROLLOUT_CHECK_VALUE(
      "weir_rollout_check_value",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_CHECK,
      "The end of the effect's interval that counts for passing: the upper one, or the lower one"
          + " where higher is better; absent while it is not bounded."),
  ROLLOUT_CHECK_THRESHOLD(
      "weir_rollout_check_threshold",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_CHECK,
      "What the value has to stay below for the check to pass, or above where higher is better."
          + " A check of requests also passes by a tolerable rate of its own."),
  ROLLOUT_CHECK_VERDICT(
      "weir_rollout_check_verdict",
      Type.GAUGE,
      Unit.NONE,
      Labels.VARIANT_CHECK,
      "What the check says: -1 invalid, 0 undecided, 1 passes, 2 harmful."),

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
  JOURNAL_AGE(
      "weir_journal_age_seconds",
      Type.GAUGE,
      Unit.SECONDS,
      List.of(),
      "How old this replica's newest knowledge of the journal is; it grows while the journal does"
          + " not answer."),
  LEADER(
      "weir_leader",
      Type.GAUGE,
      Unit.NONE,
      List.of(),
      "1 on the replica that moves rollouts forward, 0 on the others."),

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
    static final List<String> VARIANT_ENDPOINT = List.of("model", "variant", "endpoint");
    static final List<String> VARIANT_METRIC = List.of("model", "variant", "metric");
    static final List<String> VARIANT_PERCENTILE = List.of("model", "variant", "percentile");
    static final List<String> VARIANT_CHECK = List.of("model", "variant", "check");
    static final List<String> VARIANT_OUTCOME_SOURCE =
        List.of("model", "variant", "outcome", "source");
  }
}
