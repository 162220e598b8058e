// The buttons: each asks for a confirmation and a name before anything is changed.

import { post } from "./api.js";
import { byId, element } from "./element.js";
import { figure } from "./figures.js";
import { configured } from "./views.js";

const ACTOR = "weir-actor";
const TITLES = { start: "Start a rollout", pause: "Pause", resume: "Resume", advance: "Advance", abort: "Abort" };

const buttons = () => [...byId("commands").querySelectorAll("button")];
const underWay = (model) => (model?.rollout && !model.rollout.over ? model.rollout : null);

/** Whether the next step is the last, and so the promotion. */
const promotes = (rollout) => rollout.step + 2 >= rollout.steps.length;

/** Versions that a rollout can start with. */
function candidates(model) {
  const shares = configured(model.policy);
  const largest = Object.keys(shares).reduce((a, b) => (shares[b] > shares[a] ? b : a));
  return model.versions.filter((each) => each.ready && each.version !== largest).map((each) => each.version);
}

/** Which commands make sense now; the gateway decides in the end. */
export function showCommands(model) {
  const rollout = underWay(model);
  const paused = rollout?.state === "paused";
  const allowed = {
    start: model && !rollout && candidates(model).length > 0,
    pause: rollout && !paused,
    resume: paused,
    advance: rollout && !paused,
    abort: rollout,
  };
  for (const button of buttons()) {
    const command = button.dataset.command;
    // Not `disabled` where the focus is: it would be lost.
    button.disabled = !allowed[command] && document.activeElement !== button;
    button.setAttribute("aria-disabled", String(!allowed[command]));
  }
  const advance = byId("commands").querySelector("[data-command=advance]");
  const title = rollout && promotes(rollout) ? "Promote" : TITLES.advance;
  if (advance.textContent !== title) {
    advance.textContent = title;
  }
}

function words(command, model) {
  const rollout = underWay(model);
  const name = `version ${rollout?.candidate} of ${model.model}`;
  const next = rollout && figure(rollout.steps[rollout.step + 1]);
  return {
    start: () => `A version gets traffic of ${model.model}, step by step, as the configured rollout says.`,
    pause: () => `The share of ${name} stays at ${figure(rollout.percent)} %. Harm still rolls it back.`,
    resume: () => `The rollout of ${name} goes on.`,
    advance: () =>
      promotes(rollout) ? `${name} gets all traffic now: this is the promotion.` : `The step of ${next} % begins now for ${name}.`,
    abort: () => `All traffic is taken from ${name} now.`,
  }[command]();
}

/** `current` gives the model as last seen, `done` is told what was done. */
export function listen(current, done) {
  for (const button of buttons()) {
    button.addEventListener("click", () => {
      const model = current();
      if (model && button.getAttribute("aria-disabled") !== "true") {
        open(button, model, done);
      }
    });
  }
}

function open(button, model, done) {
  const command = button.dataset.command;
  const dialog = byId("command");
  const form = dialog.querySelector("form");
  const problem = dialog.querySelector(".problem");
  const starts = command === "start";
  byId("command-title").textContent = starts ? TITLES.start : `${button.textContent} the rollout?`;
  byId("command-words").textContent = words(command, model);
  byId("candidate-label").hidden = !starts;
  form.elements.candidate.replaceChildren(...candidates(model).map((version) => element("option", {}, version)));
  form.elements.actor.value = sessionStorage.getItem(ACTOR) ?? "";
  form.elements.why.value = "";
  problem.textContent = "";
  dialog.onclose = () => button.focus();
  form.querySelector("[data-cancel]").onclick = () => dialog.close();
  form.onsubmit = async (event) => {
    event.preventDefault();
    const actor = form.elements.actor.value;
    const body = { why: form.elements.why.value, ...(starts ? { candidate: form.elements.candidate.value } : {}) };
    sessionStorage.setItem(ACTOR, actor);
    problem.textContent = "";
    const submit = form.querySelector("[type=submit]");
    submit.disabled = true;
    try {
      const answer = await post(`/admin/models/${encodeURIComponent(model.model)}/rollout/${command}`, body, actor, model.revision);
      dialog.close();
      done(answer.words);
    } catch (error) {
      problem.textContent = `Not done: ${error.message}`;
    } finally {
      submit.disabled = false;
    }
  };
  dialog.showModal();
  form.elements.actor.focus();
}
