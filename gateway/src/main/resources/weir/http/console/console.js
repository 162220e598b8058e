// The page: asks for the overview every two seconds, follows the events, and shows one model.

import { Refused, get } from "./api.js";
import { Charts } from "./charts.js";
import { listen, showCommands } from "./commands.js";
import { byId, element, say } from "./element.js";
import { follow } from "./events.js";
import { clock } from "./figures.js";
import { History } from "./history.js";
import { showAudit, showDrift, showEvents, showExperiment, showModel, showModels, showRollout, showStanding, showVersions } from "./views.js";

const LOOK_MILLIS = 2_000;
const SLOW_LOOKS = 5;
const EVENTS_MAX = 200;
const ANNOUNCED_MAX = 5;

const charts = new Charts();
const histories = new Map();
const events = [];
const began = Date.now();
let overview = { models: [] };
let looks = 0;

function chosen() {
  const asked = new URLSearchParams(location.hash.slice(1)).get("model");
  const busiest = overview.models.find((each) => each.rollout) ?? overview.models[0];
  return overview.models.find((each) => each.model === asked) ?? busiest;
}

/** Tells a screen reader, and nobody else: the page shows the same. */
function announce(text) {
  const region = byId("announced");
  region.append(element("span", {}, `${text} `));
  while (region.children.length > ANNOUNCED_MAX) {
    region.firstChild.remove();
  }
}

function show() {
  const model = chosen();
  showModels(overview.models, model?.model);
  if (!model) {
    return;
  }
  const history = histories.get(model.model);
  showModel(model);
  showVersions(model, history);
  showRollout(model, overview.at);
  showCommands(model);
  charts.show(model.model, history);
  showEvents(events.filter((event) => event.model === "" || event.model === model.model));
}

async function look() {
  overview = await get("/admin/overview");
  for (const model of overview.models) {
    if (!histories.has(model.model)) {
      histories.set(model.model, new History());
    }
    histories.get(model.model).add(Date.parse(overview.at), model.versions);
  }
  showStanding(overview.standing);
  show();
}

/** What only the chosen model has; drift and audit change slowly. */
async function lookCloser(all) {
  const model = chosen()?.model;
  if (!model) {
    return;
  }
  const path = `/admin/models/${encodeURIComponent(model)}`;
  const experiment = await get(`${path}/experiment`);
  const drift = all ? await get(`${path}/drift`).catch(unwatched) : undefined;
  const audit = all ? await get(`/admin/audit?max=20&model=${encodeURIComponent(model)}`) : undefined;
  if (chosen()?.model === model) {
    showExperiment(experiment);
    if (all) {
      showDrift(drift);
      showAudit(audit);
    }
  }
}

function unwatched(error) {
  if (error instanceof Refused && error.status === 404) {
    return null;
  }
  throw error;
}

async function lookForEver() {
  for (;;) {
    try {
      await look();
      await lookCloser(looks++ % SLOW_LOOKS === 0);
      say(byId("connection"), "live");
      byId("connection").className = "good";
    } catch (error) {
      if (byId("connection").className !== "bad") {
        say(byId("connection"), `not live since ${clock(Date.now())}: ${error.message}`);
        byId("connection").className = "bad";
      }
    }
    await new Promise((wake) => setTimeout(wake, LOOK_MILLIS));
  }
}

/** Shows a change at once instead of at the next look. */
function lookNow() {
  looks = 0;
  look().then(() => lookCloser(true)).catch(() => {});
}

addEventListener("hashchange", () => {
  show();
  byId("main").focus();
  lookCloser(true).catch(() => {});
});
listen(chosen, (words) => {
  announce(words);
  lookNow();
});
follow((event) => {
  events.unshift(event);
  events.splice(EVENTS_MAX);
  if (Date.parse(event.at) > began) {
    announce(event.words);
    lookNow();
  }
});
lookForEver();
