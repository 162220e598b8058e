// The admin paths: documents, commands, and the key when callers must show one.

import { byId } from "./element.js";

const ANSWER_MILLIS = 10_000;

/** In this page's memory alone: no cookie that other pages could make use of, nothing on a disk. */
let known = "";
let asking = null;

/** A refusal of the gateway, in its own words. */
export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

export async function get(path) {
  return (await call(path, { signal: AbortSignal.timeout(ANSWER_MILLIS) })).json();
}

/** Asks for a change, only if the model is still at that revision. */
export async function post(path, body, actor, revision) {
  const headers = { "content-type": "application/json", "weir-actor": actor, "if-match": `"${revision}"` };
  const signal = AbortSignal.timeout(ANSWER_MILLIS);
  return (await call(path, { method: "POST", headers, body: JSON.stringify(body), signal })).json();
}

/** Any request, with the key; asks for one as often as the gateway refuses it. */
export async function call(path, options = {}) {
  for (;;) {
    const key = known;
    const response = await fetch(path, {
      cache: "no-store",
      ...options,
      headers: { ...options.headers, ...(key ? { authorization: `Bearer ${key}` } : {}) },
    });
    if (response.ok) {
      return response;
    }
    const words = await wordsOf(response);
    if (response.status !== 401) {
      throw new Refused(response.status, words);
    }
    if (known === key) {
      asking ??= ask(key ? words : "").finally(() => (asking = null));
      await asking;
      options = { ...options, signal: undefined };
    }
  }
}

async function wordsOf(response) {
  try {
    return (await response.json()).error ?? `the gateway answered ${response.status}`;
  } catch {
    return `the gateway answered ${response.status}`;
  }
}

function ask(problem) {
  const dialog = byId("key");
  const form = dialog.querySelector("form");
  const focused = document.activeElement;
  dialog.querySelector(".problem").textContent = problem;
  dialog.showModal();
  return new Promise((done) => {
    dialog.oncancel = (event) => event.preventDefault();
    form.onsubmit = (event) => {
      event.preventDefault();
      known = form.elements.key.value.trim();
      form.reset();
      dialog.close();
      focused?.focus();
      done();
    };
  });
}
