package weir.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.List;
import java.util.Locale;
import weir.experiment.Arm;
import weir.experiment.CheckResult;
import weir.experiment.ExperimentReport;
import weir.experiment.Look;
import weir.experiment.Verdict;
import weir.journal.Recorded;
import weir.rollout.ModelHistory;
import weir.rollout.ModelStatus;
import weir.rollout.RolloutSettings;
import weir.rollout.RolloutState;
import weir.rollout.Standing;
import weir.routing.RoutingPolicy;

/** The admin door's documents; what is not a finite number is null. */
final class AdminJson {
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private AdminJson() {}

  static ObjectNode standing(Standing standing) {
    return NODES
        .objectNode()
        .put("replica", standing.replica())
        .put("leader", standing.leader())
        .put("leads", standing.leading())
        .put("journal_age_seconds", standing.age().toMillis() / MILLIS_PER_SECOND)
        .put("journal_problem", standing.problem());
  }

  static ObjectNode status(ModelStatus status) {
    ObjectNode out =
        NODES.objectNode().put("model", status.model()).put("revision", status.revision());
    out.set("policy", policy(status.policy()));
    out.put("because", status.because())
        .put("configuration_waits", status.configurationWaits())
        .put("unrecorded", status.unrecorded());
    status.rollout().ifPresent(run -> out.set("rollout", rollout(run)));
    out.put("words", status.words());
    return out;
  }

  private static ObjectNode policy(RoutingPolicy policy) {
    ObjectNode out = NODES.objectNode();
    switch (policy) {
      case RoutingPolicy.Fixed fixed -> out.put("fixed", fixed.version());
      case RoutingPolicy.Divided divided -> {
        ObjectNode weights =
            out.putObject(divided instanceof RoutingPolicy.Bandit ? "bandit" : "split");
        divided.shares().forEach(share -> weights.put(share.version(), share.weight()));
      }
    }
    return out;
  }

  private static ObjectNode rollout(ModelHistory.Run run) {
    RolloutSettings settings = run.terms().settings();
    ObjectNode out =
        NODES
            .objectNode()
            .put("id", run.terms().rollout())
            .put("candidate", run.terms().candidate())
            .put("stable", run.terms().stable())
            .put("state", state(run.state()))
            .put("over", run.state().over())
            .put("percent", run.percent())
            .put("step", run.step())
            .put("dry_run", settings.dryRun());
    ArrayNode steps = out.putArray("steps");
    settings.steps().forEach(steps::add);
    switch (run.state()) {
      case RolloutState.Shadowing at -> out.put("since", at.since().toString());
      case RolloutState.Stepping at -> out.put("since", at.since().toString());
      case RolloutState.AwaitingApproval at -> out.put("since", at.since().toString());
      case RolloutState.Paused at -> out.put("since", at.since().toString());
      case RolloutState.Promoted at -> out.put("since", at.at().toString());
      case RolloutState.RolledBack at ->
          out.put("since", at.at().toString())
              .put("rolled_back_because", at.because().label())
              .put("reason", at.words());
    }
    return out;
  }

  private static String state(RolloutState state) {
    return switch (state) {
      case RolloutState.Shadowing _ -> "shadowing";
      case RolloutState.Stepping _ -> "stepping";
      case RolloutState.AwaitingApproval _ -> "awaiting-approval";
      case RolloutState.Paused _ -> "paused";
      case RolloutState.Promoted _ -> "promoted";
      case RolloutState.RolledBack _ -> "rolled-back";
    };
  }

  /** The status with every check and each version's estimates. */
  static ObjectNode experiment(ModelStatus status) {
    ObjectNode out = status(status);
    status.look().ifPresent(look -> look(look, out));
    status
        .report()
        .ifPresent(report -> {
          ArrayNode versions = out.putArray("versions");
          report.versions().forEach(version -> versions.add(version(version)));
        });
    return out;
  }

  private static void look(Look look, ObjectNode out) {
    out.put("at", look.at().toString());
    look.guard().ifPresent(guard -> out.put("guard", guard));
    ArrayNode checks = out.putArray("checks");
    look.checks().forEach(check -> checks.add(check(check)));
  }

  private static ObjectNode check(CheckResult check) {
    ObjectNode out =
        NODES
            .objectNode()
            .put("check", check.check())
            .put("gates", check.gates())
            .put("verdict", verdict(check.verdict()))
            .put("words", check.verdict().words());
    number(out, "effect", check.effect());
    number(out, "low", check.low());
    number(out, "high", check.high());
    number(out, "threshold", check.threshold());
    number(out, "log_evidence", check.logEvidence());
    out.set("stable", arm(check.stable()));
    out.set("candidate", arm(check.candidate()));
    return out;
  }

  private static String verdict(Verdict verdict) {
    return verdict.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode arm(Arm arm) {
    ObjectNode out =
        NODES
            .objectNode()
            .put("version", arm.version())
            .put("events", arm.events())
            .put("trials", arm.trials());
    number(out, "value", arm.value());
    return out;
  }

  private static ObjectNode version(ExperimentReport.OfVersion version) {
    ObjectNode out =
        NODES
            .objectNode()
            .put("version", version.version())
            .put("exposures", version.exposures())
            .put("measured", version.measured());
    estimate(out, "error_rate", version.errorRate());
    estimate(out, "p50_ms", version.p50Millis());
    estimate(out, "p95_ms", version.p95Millis());
    estimate(out, "p99_ms", version.p99Millis());
    return out;
  }

  private static void estimate(ObjectNode out, String name, ExperimentReport.Estimate estimate) {
    ObjectNode of = out.putObject(name);
    number(of, "value", estimate.value());
    number(of, "low", estimate.low());
    number(of, "high", estimate.high());
  }

  static void number(ObjectNode out, String name, double value) {
    if (Double.isFinite(value)) {
      out.put(name, value);
    } else {
      out.putNull(name);
    }
  }

  static ArrayNode audit(List<Recorded> entries) {
    ArrayNode out = NODES.arrayNode();
    for (Recorded each : entries) {
      out.addObject()
          .put("position", each.position())
          .put("stream", each.stream())
          .put("revision", each.revision())
          .put("at", each.at().toString())
          .put("event", each.entry().type())
          .put("actor", each.entry().actor())
          .put("why", each.entry().why())
          .putRawValue("details", new RawValue(each.entry().json()));
    }
    return out;
  }
}
