// What the page says of one model; each function fills one part of it.

import { byId, element, facts, fill, number, row, say, state } from "./element.js";
import { clock, count, estimate, figure, interval, millis, percent, spent, time } from "./figures.js";

const DRIFT_ROWS_MAX = 12;
const EVENTS_MAX = 30;
const LOUDNESS = ["drift", "warn", "insufficient", "ok"];

/** The share of each version that the policy names, from 0 to 1. */
export function configured(policy) {
  if (policy.fixed !== undefined) {
    return { [policy.fixed]: 1 };
  }
  const weights = policy.split ?? policy.bandit ?? {};
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return Object.fromEntries(Object.entries(weights).map(([version, weight]) => [version, weight / total]));
}

export function showStanding(standing) {
  const journal = standing.journal_problem
    ? `away: ${standing.journal_problem}`
    : `in reach, known ${figure(standing.journal_age_seconds, 2)} s ago`;
  fill(byId("standing"), [standing.replica, standing.leader, standing.leads, journal], () =>
    facts([
      ["this replica", standing.replica],
      ["leads", standing.leads ? "this one" : standing.leader || "nobody yet"],
      ["journal", standing.journal_problem ? state("bad", journal) : journal],
    ]),
  );
}

export function showModels(models, chosen) {
  const shown = models.map((each) => [each.model, each.ready, each.rollout && !each.rollout.over ? each.rollout.state : "", each.model === chosen]);
  fill(byId("models"), shown, () =>
    shown.map(([model, ready, rollout, current]) =>
      element("li", {},
        element("a", { href: `#model=${encodeURIComponent(model)}`, "aria-current": current ? "page" : undefined }, model), " ",
        ready ? state("good", rollout || "ready") : state("bad", "not ready"),
      ),
    ),
  );
}

export function showModel(model) {
  say(byId("model-title"), model.model);
  const waits = model.configuration_waits ? "; the changed configuration waits for the rollout's end" : "";
  const unrecorded = model.unrecorded > 0 ? `; ${model.unrecorded} changes are not in the journal yet` : "";
  say(byId("model-words"), `Traffic is divided ${model.because}, revision ${model.revision}${waits}${unrecorded}.`);
}

function bar(wanted, seen) {
  return element("td", {},
    element("div", { class: "bar", "aria-hidden": "true" },
      element("div", { class: "seen", style: { width: `${100 * (seen ?? 0)}%` } }),
      element("div", { class: "wanted", style: { left: `${100 * wanted}%` } })));
}

export function showVersions(model, history) {
  const shares = configured(model.policy);
  const under = model.rollout && !model.rollout.over ? model.rollout : {};
  const role = (version) => (version === under.candidate ? " candidate" : version === under.stable ? " stable" : "");
  const rows = model.versions.map((each) => ({ ...each, durations: 0, now: history.latest(each.version), wanted: shares[each.version] ?? 0, role: role(each.version) }));
  fill(byId("versions"), rows, () =>
    rows.map(({ version, ready, problem, digest, now, wanted, role: of }) =>
      row(element("span", {}, version, element("small", {}, of)),
        ready ? state("good", "ready") : state("bad", problem),
        element("td", {}, digest ? element("code", { title: digest }, digest.slice(0, 12)) : "–"),
        number(percent(wanted)), number(percent(now.share)), bar(wanted, now.share),
        number(figure(now.rate)), number(millis(now.p50)), number(millis(now.p99)), number(percent(now.errors)))),
  );
}

export function showRollout(model, at) {
  const rollout = model.rollout;
  say(byId("words"), model.words || (rollout ? "" : "No rollout has been started."));
  fill(byId("steps"), rollout ? [rollout.steps, rollout.step, rollout.state] : [], () =>
    (rollout?.steps ?? []).map((step, i) => {
      const current = i === rollout.step && !rollout.over;
      const done = rollout.state === "promoted" || (!rollout.over && i < rollout.step);
      return element("li", { "aria-current": current ? "step" : undefined, class: done ? "done" : "" }, `${figure(step)} %`);
    }),
  );
  const pairs = rollout
    ? [
        ["version", `${rollout.candidate} against ${rollout.stable}${rollout.dry_run ? ", dry run" : ""}`],
        ["phase", rollout.state],
        ...(rollout.over ? [] : [["step", rollout.step < 0 ? `before the first of ${rollout.steps.length}` : `${rollout.step + 1} of ${rollout.steps.length} (${figure(rollout.percent)} %)`]]),
        [rollout.over ? "over since" : "in this phase for", rollout.over ? time(rollout.since) : spent(rollout.since, at)],
        ...(rollout.reason && rollout.reason !== model.words ? [["why", rollout.reason]] : []),
      ]
    : [];
  fill(byId("rollout"), pairs, () =>
    facts(pairs.map(([name, value]) => (name === "phase" ? [name, state(phaseKind(value), value)] : [name, value]))),
  );
}

const phaseKind = (phase) => ({ promoted: "good", "rolled-back": "bad", paused: "warn", "awaiting-approval": "warn" })[phase] ?? "plain";
const verdictKind = (verdict) => ({ passes: "good", harmful: "bad", invalid: "warn" })[verdict] ?? "plain";

function showTable(id, data, make) {
  byId(id).closest(".wide").hidden = data.length === 0;
  fill(byId(id), data, () => data.map(make));
}

export function showExperiment(experiment) {
  const checks = experiment.checks ?? [];
  const versions = experiment.versions ?? [];
  byId("experiment-none").hidden = checks.length > 0 || versions.length > 0;
  showTable("checks", checks, (check) =>
    row(check.check,
      state(verdictKind(check.verdict), check.gates ? check.verdict : `${check.verdict} (shown only)`),
      number(figure(check.effect)), number(interval(check.low, check.high)), number(figure(check.threshold)), check.words));
  showTable("estimates", versions, (of) =>
    row(of.version, number(count(of.exposures)), number(count(of.measured)), number(estimate(of.error_rate, percent)),
      number(estimate(of.p50_ms, millis)), number(estimate(of.p95_ms, millis)), number(estimate(of.p99_ms, millis))));
}

/** The loudest features first; `report` is null where drift is not watched. */
export function showDrift(report) {
  const signals = (report?.variants ?? []).flatMap((of) =>
    of.signals.map((signal) => ({ version: of.variant.version, feature: signal.feature, status: signal.status, psi: signal.distribution.psi, p: signal.distribution.p, samples: signal.samples, since: signal.since })),
  );
  signals.sort((a, b) => LOUDNESS.indexOf(a.status) - LOUDNESS.indexOf(b.status) || b.psi - a.psi);
  say(byId("drift-none"), report ? "Nothing is known yet." : "Drift is not watched; models.<model>.drift gives it a baseline.");
  byId("drift-none").hidden = signals.length > 0;
  const kinds = { ok: "good", warn: "warn", drift: "bad" };
  showTable("drift", signals.slice(0, DRIFT_ROWS_MAX), (of) =>
    row(of.version, of.feature, state(kinds[of.status] ?? "plain", of.status), number(figure(of.psi)), number(figure(of.p, 2)), number(count(of.samples)), time(of.since)));
}

/** The newest first. */
export function showEvents(events) {
  byId("events-none").hidden = events.length > 0;
  fill(byId("events"), events.slice(0, EVENTS_MAX), (shown) =>
    shown.map((event) =>
      element("li", {}, element("time", { datetime: event.at }, clock(event.at)), " ", element("strong", {}, event.type), ` ${event.words}`)),
  );
}

export function showAudit(entries) {
  fill(byId("audit"), entries, () =>
    entries.map((entry) => row(time(entry.at), number(String(entry.revision)), entry.event, entry.actor, entry.why || entry.details.words || "")),
  );
}
