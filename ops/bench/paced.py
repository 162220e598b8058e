"""At a fixed rate: latency from the instants at which requests were due, and the CPU of a request when all serve equally many."""

import statistics
import sys

import proxies
import systems

CONNECTIONS = 16  # those of the closed loop that tells what each can do
SHARE = 0.5
WARM_SECONDS = 10


def rates(names, results, connections):
    """Half of what each answered under the closed loop, and the least of these, which all meet."""
    count = CONNECTIONS if CONNECTIONS in connections else max(connections)
    half = {name: int(statistics.median(each["rate"] for each in results[name, count]) * SHARE) for name in names}
    least = min(half.values(), default=0)
    return sorted({(name, rate) for name, own in half.items() for rate in (least, own)}, key=lambda each: each[1])


def measured(running, todo, rounds, seconds):
    """The results by system and rate, each round one after the other; what a pace brings to the compilers is over before."""
    generator = proxies.OpenLoop()
    results = {}
    for name, rate in todo:
        generator.load(running.url(name), rate, WARM_SECONDS)
    for _ in range(rounds):
        for name, rate in todo:
            before = systems.cpu_seconds(running.pid(name))
            result = generator.load(running.url(name), rate, seconds)
            used = systems.cpu_seconds(running.pid(name)) - before
            result["cpu"] = used / (rate * (seconds + 1)) * 1e6  # the first second is sent and not measured
            results.setdefault((name, rate), []).append(result)
            print(f"# {rate}/s {name:8} p50 {result['p50']} us  p99 {result['p99']} us  {result['errors']} errors  "
                  f"cpu {result['cpu']:.1f} us/request  clock late by {result['delay']} us", file=sys.stderr)
    return results


def table(results, baseline, floor):
    def median(runs, field):
        return statistics.median(each[field] for each in runs) / 1000

    def above(runs, rate, field):
        """Of the rounds' own differences the median."""
        other = results.get((baseline, rate))
        return f"{statistics.median(a[field] - b[field] for a, b in zip(runs, other)) / 1000:.2f}" if other else "-"

    def cpu_ratio(runs, rate):
        other = results.get((floor, rate))
        return f"{statistics.median(a['cpu'] / b['cpu'] for a, b in zip(runs, other)):.2f}" if other else "-"

    print(f"| requests/s | system | p50 ms | p99 ms | p99.9 ms | p50 above {baseline}'s | p99 above {baseline}'s | CPU us/request "
          f"| CPU ÷ {floor} | errors |\n|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for (name, rate), runs in results.items():
        print(f"| {rate} | {name} | {median(runs, 'p50'):.2f} | {median(runs, 'p99'):.2f} | {median(runs, 'p999'):.2f} "
              f"| {above(runs, rate, 'p50')} | {above(runs, rate, 'p99')} | {statistics.median(each['cpu'] for each in runs):.1f} "
              f"| {cpu_ratio(runs, rate)} | {sum(each['errors'] for each in runs)} |")
    delay = statistics.median([each["delay"] for runs in results.values() for each in runs] or [0])
    print(f"\nAt a fixed rate over {proxies.OPEN_CONNECTIONS} connections, from the instant at which a request was due; "
          f"the generator's own clock is {delay} us late at the median.")
