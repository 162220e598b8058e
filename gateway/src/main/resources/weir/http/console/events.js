// The stream of events, read with fetch because an EventSource cannot send a key.

import { call } from "./api.js";

const AGAIN_MILLIS = 3_000;
// The gateway sends a comment at least each 15 s; a stream that is silent for longer is broken.
const SILENCE_MILLIS = 60_000;

/** Hands each event to `tell`, from the oldest that is kept, and connects again for ever. */
export async function follow(tell) {
  let last = "0";
  for (;;) {
    const control = new AbortController();
    try {
      const response = await call("/admin/events", { headers: { "last-event-id": last }, signal: control.signal });
      for await (const event of events(response.body, control)) {
        last = event.id || last;
        if (event.name !== "missed") {
          tell(JSON.parse(event.data));
        }
      }
    } catch {
      // The overview says when the gateway does not answer; here it is only tried again.
    } finally {
      control.abort();
    }
    await new Promise((wake) => setTimeout(wake, AGAIN_MILLIS));
  }
}

async function* events(body, control) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const silent = setTimeout(() => control.abort(), SILENCE_MILLIS);
    const { done, value } = await reader.read().finally(() => clearTimeout(silent));
    if (done) {
      return;
    }
    const blocks = (text + value).split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const event = parsed(block);
      if (event.data) {
        yield event;
      }
    }
  }
}

function parsed(block) {
  const event = { id: "", name: "", data: "" };
  for (const line of block.split("\n")) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === "id" || field === "data") {
      event[field] = value;
    } else if (field === "event") {
      event.name = value;
    }
  }
  return event;
}
