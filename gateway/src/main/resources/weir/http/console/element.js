// Elements from plain data; everything shown is text, never markup.

/** An element: attributes by name, `style` as an object, children as nodes or texts. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "style") {
      Object.assign(made.style, value);
    } else if (value === true) {
      made.setAttribute(name, "");
    } else if (value !== false && value !== undefined) {
      made.setAttribute(name, value);
    }
  }
  made.append(...children);
  return made;
}

export const byId = (id) => document.getElementById(id);

const shown = new WeakMap();

/** Fills `parent` with what `make` gives, only when `data` is not what it shows already. */
export function fill(parent, data, make) {
  const key = JSON.stringify(data);
  if (shown.get(parent) !== key) {
    shown.set(parent, key);
    parent.replaceChildren(...make(data));
  }
}

/** Says `text` in `parent`, which a live region then reads once. */
export function say(parent, text) {
  if (parent.textContent !== text) {
    parent.textContent = text;
  }
}

/** A row of a table: the first cell heads it. */
export function row(first, ...cells) {
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, first),
    ...cells.map((cell) => (cell instanceof HTMLTableCellElement ? cell : element("td", {}, cell))),
  );
}

export const number = (text) => element("td", { class: "number" }, text);

/** Name and value pairs of a definition list. */
export function facts(pairs) {
  return pairs.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)));
}

/** A state as a word with a mark, so that its colour says nothing alone. */
export function state(kind, text) {
  const marks = { good: "✓", bad: "✕", warn: "!", plain: "·" };
  return element("span", { class: `state ${kind}` }, element("span", { "aria-hidden": "true" }, marks[kind]), ` ${text}`);
}
