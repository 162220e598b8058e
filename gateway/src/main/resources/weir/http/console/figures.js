// Numbers as people read them; what is not known is a dash.

const NONE = "–";
const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

export function figure(value, digits = 3) {
  return known(value) ? Number(value.toPrecision(digits)).toLocaleString("en", { maximumFractionDigits: 6 }) : NONE;
}

export const count = (value) => (known(value) ? Math.round(value).toLocaleString("en") : NONE);
export const percent = (share) => (known(share) ? `${figure(100 * share)} %` : NONE);
export const millis = (value) => (known(value) ? `${figure(value)} ms` : NONE);

/** A value with its interval; an end that cannot be told is a question mark. */
export function interval(low, high, show = figure) {
  return known(low) || known(high) ? `${known(low) ? show(low) : "?"} to ${known(high) ? show(high) : "?"}` : NONE;
}

export function estimate(of, show) {
  return of && known(of.value) ? `${show(of.value)} (${interval(of.low, of.high, show)})` : NONE;
}

export const clock = (instant) => new Date(instant).toLocaleTimeString("en-GB");

export function time(instant) {
  const at = new Date(instant);
  return at.toDateString() === new Date().toDateString() ? clock(at) : at.toLocaleString("en-GB");
}

/** How long it is from one instant to the other. */
export function spent(from, to) {
  const seconds = Math.max(0, Math.round((new Date(to) - new Date(from)) / 1000));
  const parts = [[Math.floor(seconds / 3600), "h"], [Math.floor(seconds / 60) % 60, "min"], [seconds % 60, "s"]];
  return parts.filter(([value], i) => value > 0 || i === 2).slice(0, 2).map(([value, unit]) => `${value} ${unit}`).join(" ");
}
