// What the counts of one model's versions were in the last ten minutes, and what follows from them.

const KEPT_MILLIS = 600_000;
const RATE_MILLIS = 4_000;
const QUANTILE_MILLIS = 10_000;
const SHARE_MILLIS = 60_000;
const COUNTS = ["divided", "answered", "refused", "failed"];

/** The quantile of counted durations, in milliseconds: linear within its bucket. */
export function quantile(buckets, q) {
  const total = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  if (total === 0) {
    return null;
  }
  let below = 0;
  let low = 0;
  for (const { at_most_ms: high, count } of buckets) {
    if (count > 0 && below + count >= q * total) {
      return high === null ? low : low + ((high - low) * (q * total - below)) / count;
    }
    below += count;
    low = high;
  }
  return low;
}

/** What was counted between two samples of a version; a count that shrank began anew. */
function between(before, after) {
  const same = before && COUNTS.every((name) => after[name] >= before[name]);
  const earlier = same ? before : { divided: 0, answered: 0, refused: 0, failed: 0, durations: [] };
  const grown = Object.fromEntries(COUNTS.map((name) => [name, after[name] - earlier[name]]));
  grown.durations = after.durations.map((bucket, i) => ({
    at_most_ms: bucket.at_most_ms,
    count: bucket.count - (earlier.durations[i]?.count ?? 0),
  }));
  return grown;
}

export class History {
  #samples = [];
  /** Of each version a list of figures, one for each of `times`. */
  lines = new Map();
  times = [];

  add(at, versions) {
    const sample = { at, versions: new Map(versions.map((each) => [each.version, each])) };
    this.#samples.push(sample);
    this.times.push(at / 1000);
    for (const version of sample.versions.keys()) {
      if (!this.lines.has(version)) {
        this.lines.set(version, new Array(this.times.length - 1).fill(null));
      }
    }
    const shares = this.#shares(sample);
    for (const [version, figures] of this.lines) {
      figures.push(sample.versions.has(version) ? this.#figures(sample, version, shares) : null);
    }
    while (this.times[0] * 1000 < at - KEPT_MILLIS) {
      this.#samples.shift();
      this.times.shift();
      this.lines.forEach((figures) => figures.shift());
    }
  }

  /** The newest figures of a version; empty before there are two samples. */
  latest(version) {
    return this.lines.get(version)?.at(-1) ?? {};
  }

  #before(millis) {
    const end = this.#samples.at(-1).at;
    return this.#samples.findLast((each) => each.at <= end - millis) ?? this.#samples[0];
  }

  #grown(sample, version, millis) {
    const from = this.#before(millis);
    const seconds = (sample.at - from.at) / 1000;
    return seconds > 0 && from.versions.has(version)
      ? { seconds, ...between(from.versions.get(version), sample.versions.get(version)) }
      : null;
  }

  #shares(sample) {
    const divided = new Map();
    for (const version of sample.versions.keys()) {
      divided.set(version, this.#grown(sample, version, SHARE_MILLIS)?.divided ?? 0);
    }
    const total = [...divided.values()].reduce((sum, each) => sum + each, 0);
    return new Map([...divided].map(([version, each]) => [version, total > 0 ? each / total : null]));
  }

  #figures(sample, version, shares) {
    const recent = this.#grown(sample, version, RATE_MILLIS);
    if (!recent) {
      return null;
    }
    const timed = this.#grown(sample, version, QUANTILE_MILLIS);
    const asked = timed.answered + timed.failed;
    return {
      share: shares.get(version),
      rate: (recent.answered + recent.refused + recent.failed) / recent.seconds,
      p50: quantile(timed.durations, 0.5),
      p99: quantile(timed.durations, 0.99),
      errors: asked > 0 ? timed.failed / asked : null,
    };
  }
}
