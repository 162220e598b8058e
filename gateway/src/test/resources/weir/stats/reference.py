"""Writes reference.csv: values from SciPy, NumPy and numeric integration for ReferenceTest.

Run: /usr/bin/python3 reference.py (python3-scipy 1.10). Lists are separated by spaces; every
number is written with all its digits.
"""

import csv
import pathlib

import numpy as np
from scipy import integrate, special, stats
from scipy.spatial.distance import jensenshannon

ROWS = []


def row(function, first, second, arguments, expected):
    cells = [" ".join(repr(float(x)) for x in cell) for cell in (first, second, arguments)]
    ROWS.append([function, *cells, repr(float(expected))])


def binned():
    pairs = [
        ([120, 80, 95, 105, 100], [90, 110, 100, 130, 70]),
        ([1000, 0, 5, 995], [300, 0, 200, 0]),
        ([0, 50], [50, 0]),
        ([7, 7, 7], [7, 7, 7]),
        ([10000, 9000, 11000, 8000, 2000, 1, 3], [410, 390, 470, 300, 90, 9, 0]),
    ]
    for a, b in pairs:
        p, q = np.array(a) / sum(a), np.array(b) / sum(b)
        floor_p, floor_q = np.maximum(p, 1e-4), np.maximum(q, 1e-4)
        row("psi", a, b, [], np.sum((floor_q - floor_p) * np.log(floor_q / floor_p)))
        row("jensenShannon", a, b, [], jensenshannon(p, q, base=2))
        row("kolmogorovSmirnovBinned", a, b, [], np.max(np.abs(np.cumsum(p) - np.cumsum(q))))
        bounds = np.cumsum([-1.5] + [0.5 + i * i for i in range(len(a))])
        cdf_p, cdf_q = np.concatenate([[0], np.cumsum(p)]), np.concatenate([[0], np.cumsum(q)])
        area = 0
        for i in range(len(a)):
            ends = cdf_p[i : i + 2] - cdf_q[i : i + 2]
            width = bounds[i + 1] - bounds[i]
            cross = [ends[0] / (ends[0] - ends[1])] if ends[0] * ends[1] < 0 else None
            area += width * integrate.quad(
                lambda x: abs(ends[0] + (ends[1] - ends[0]) * x), 0, 1, points=cross, epsabs=1e-14
            )[0]
        row("wassersteinBinned", a, b, bounds, area)
        table = np.array([a, b])
        table = table[:, table.sum(axis=0) > 0]
        chi2, p_value, degrees, _ = stats.chi2_contingency(table, correction=False)
        row("chiSquare", a, b, [], chi2)
        row("chiSquareDegrees", a, b, [], degrees)
        row("chiSquareP", a, b, [], p_value)
        share = 2 / (9 * degrees)
        row("wilsonHilferty", a, b, [], (np.cbrt(chi2 / degrees) - (1 - share)) / np.sqrt(share))


def samples():
    random = np.random.default_rng(20261101)
    pairs = [
        (random.normal(0, 1, 60), random.normal(0.4, 1.3, 45)),
        (random.integers(0, 6, 80), random.integers(1, 7, 33)),
        (np.ones(12), np.ones(9)),
        (random.lognormal(3, 1, 25), random.lognormal(3, 1, 200)),
    ]
    for a, b in pairs:
        row("kolmogorovSmirnov", a, b, [], stats.ks_2samp(a, b).statistic)
        row("wasserstein", a, b, [], stats.wasserstein_distance(a, b))
        for p in (0, 0.1, 0.25, 0.5, 0.95, 0.99, 1):
            row("quantile", a, [], [p], np.quantile(a, p, method="linear"))
        if np.ptp(np.concatenate([a, b])) > 0:
            u, p_value = stats.mannwhitneyu(a, b, method="asymptotic")
            row("mannWhitneyU", a, b, [], u)
            row("mannWhitneyP", a, b, [], p_value)


def ratios():
    random = np.random.default_rng(7)
    log_ratio = (np.arange(81) - 40) * np.log(16) / 40
    ratio = np.exp(log_ratio)
    weight = np.exp(-log_ratio**2 / 2)
    harm = np.where(np.arange(81) > 40, weight, 0)
    for size, truth in ((0, 1), (1, 1), (40, 1), (300, 2.5), (300, 0.2)):
        rho = random.choice([0.01, 0.05, 0.25, 0.5, 0.8], size)
        hit = random.random(size) < rho * truth / (rho * truth + 1 - rho)
        likelihood = np.ones(81)
        for probability, candidate in zip(rho, hit):
            moved = probability * ratio / (probability * ratio + 1 - probability)
            likelihood *= moved / probability if candidate else (1 - moved) / (1 - probability)
        row("ratio", rho, hit, [], np.log(likelihood @ weight / weight.sum()))
        row("ratioHarm", rho, hit, [], np.log(likelihood @ harm / harm.sum()))


def means():
    for theta, variance, tau in ((0.02, 1e-4, 0.05), (-0.3, 0.04, 0.1), (0, 2.5, 1), (4, 0.9, 0.5)):
        error = np.sqrt(variance)

        def mixed(low):
            centre = theta * tau**2 / (tau**2 + variance)
            spread = tau * error / np.sqrt(tau**2 + variance)
            return integrate.quad(
                lambda x: stats.norm.pdf(theta, x, error) * stats.norm.pdf(x, 0, tau),
                max(low, centre - 40 * spread),
                max(low, centre) + 40 * spread,
                points=[max(low, centre)],
                epsabs=0,
                epsrel=1e-12,
                limit=500,
            )[0]

        null = stats.norm.pdf(theta, 0, error)
        row("mean", [], [], [theta, variance, tau], np.log(mixed(-np.inf) / null))
        row("meanAbove", [], [], [theta, variance, tau], np.log(2 * mixed(0) / null))


def proportions():
    for k, n, p in ((0, 0, 0.5), (40, 60, 0.5), (930, 1000, 0.95), (0, 300, 0.99), (250, 250, 0.9)):
        a, b = 100 * p, 100 * (1 - p)
        row(
            "rank",
            [],
            [],
            [k, n, p],
            special.betaln(a + k, b + n - k)
            - special.betaln(a, b)
            - special.xlogy(k, p)
            - special.xlog1py(n - k, -p),
        )
    for k, n, rate in ((0, 0, 0.1), (0, 200, 0.01), (3, 900, 0.02), (30, 500, 0.05), (8, 100, 0.3)):
        area = integrate.quad(
            # u = v * v takes the root out of the prior.
            lambda v: v ** (2 * k)
            * np.exp((n - k) * (np.log1p(-v * v * rate) - np.log1p(-rate))),
            0,
            1,
            epsabs=0,
            epsrel=1e-12,
            limit=500,
        )[0]
        row("rate", [], [], [k, n, rate], np.log(area))
    for counts, share in (([0, 0], 0.5), ([510, 490], 0.5), ([990, 70], 0.95), ([40, 160], 0.1)):
        prior = (1000 * share, 1000 * (1 - share))
        area = integrate.quad(
            lambda x: np.exp(
                counts[0] * np.log(x / share)
                + counts[1] * np.log((1 - x) / (1 - share))
                + stats.beta.logpdf(x, *prior)
            ),
            max(1e-12, share - 0.3),
            min(1 - 1e-12, share + 0.3),
            points=[share],
            epsabs=0,
            epsrel=1e-12,
            limit=500,
        )[0]
        row("mismatch", counts, [share, 1 - share], [], np.log(area))
    for a, b in (((30, 70), (45, 55)), ((500, 9500), (540, 9460)), ((150, 50), (60, 140))):
        area = integrate.quad(
            lambda x: stats.beta.pdf(x, 1 + a[0], 1 + a[1]) * stats.beta.cdf(x, 1 + b[0], 1 + b[1]),
            0,
            1,
            points=[(1 + a[0]) / (2 + sum(a))],
            limit=500,
        )[0]
        row("best", a, b, [], area)


if __name__ == "__main__":
    for part in (binned, samples, ratios, means, proportions):
        part()
    target = pathlib.Path(__file__).with_name("reference.csv")
    with target.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        writer.writerow(["function", "first", "second", "arguments", "expected"])
        writer.writerows(ROWS)
