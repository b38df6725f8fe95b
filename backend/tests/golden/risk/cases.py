"""Published series, and what their publishers say the figures of them are.

- E: https://github.com/stefan-jansen/empyrical-reloaded, `tests/conftest.py` (the returns) and
  `tests/test_stats.py` (the figures, 8 decimal places). Its first `mixed` return is missing; only
  cases that do not hang on it are taken.
- B: the 24 monthly returns of Bacon, Practical Portfolio Performance Measurement and Attribution
  (2008): https://github.com/braverock/PerformanceAnalytics, `data/portfolio_bacon.csv`; what is
  expected: `man/*.Rd`; recorded output: `tests/testthat/_snaps/all_snapshots.md`.
- N: Statistical Reference Datasets of NIST: https://www.itl.nist.gov/div898/strd/; Norris is copied
  at https://www.stata.com/support/cert/nist9/regression/norris.do, NumAcc1 to 4 with their
  deviations in https://github.com/montanaflynn/stats, `nist_test.go`.
- A: Anscombe, Graphs in Statistical Analysis, American Statistician 27 (1973):
  https://en.wikipedia.org/wiki/Anscombe%27s_quartet (0.816; y = 3.00 + 0.500 x; 0.67).
- D: by hand (ruling 2): between -0.05 and -0.03, 0.05 of 9 steps in: -0.05 + 0.45 * 0.02 = -0.041.

Ubique's and the spreadsheets' are in `more.py`.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def percent(*values: float) -> Floats:
    return np.array(values) / 100


MIXED = percent(1, 10, -4, 2, 3, 2, 1, -10)
NINE = percent(0, 1, 10, -4, 2, 3, 2, 1, -10)  # "weekly" and "monthly" of E
POSITIVE = percent(1, 2, 1, 1, 1, 1, 1, 1, 1)
NEGATIVE = percent(0, -6, -7, -1, -9, -2, -6, -8, -5)
ALL_NEGATIVE = percent(-2, -6, -7, -1, -9, -2, -6, -8, -5)
UP_DOWN_UP = percent(10, -10, 10)
SIMPLE = percent(0, 1, 0, 1, 0, 1, 0, 1, 0)
ONE = np.array(
    [-0.00171614, 0.01322056, 0.03063862, -0.01422057, -0.00489779, 0.01268925, -0.03357711,
     0.01797036]
)  # fmt: skip
TWO = np.array(
    [0.01846232, 0.00793951, -0.01448395, 0.00422537, -0.00339611, 0.03756813, 0.0151531,
     0.03549769]
)  # fmt: skip
SERIES: Mapping[str, Floats] = {
    "mixed": MIXED, "nine": NINE, "positive": POSITIVE, "negative": NEGATIVE,
    "all_negative": ALL_NEGATIVE, "up_down_up": UP_DOWN_UP, "simple": SIMPLE, "one": ONE,
    "two": TWO, "one_percent": percent(1), "three_years": percent(3, 3, 3),
}  # fmt: skip
DAILY, WEEKLY, MONTHLY = 252, 52, 12

VOLATILITY = [
    ("mixed", DAILY, 0.9136465399704637),
    ("nine", WEEKLY, 0.38851569394870583),
    ("nine", MONTHLY, 0.18663690238892558),
]
ANNUAL_RETURN = [
    ("one_percent", DAILY, 11.274002099240244),
    ("three_years", 1, 0.03),
    ("nine", WEEKLY, 0.24690830513998208),
    ("nine", MONTHLY, 0.052242061386048144),
]
CALMAR = [("nine", WEEKLY, 2.4690830513998208), ("nine", MONTHLY, 0.52242061386048144)]
FALL = [
    ("mixed", -0.1),
    ("positive", 0.0),
    ("simple", 0.0),
    ("negative", -0.36590730),
    ("all_negative", -0.378589157),
    ("up_down_up", -0.10),
]
SHARPE = [
    ("mixed", 0.0, 1.7238613961706866),
    ("positive", 0.0, 52.915026221291804),
    ("negative", 0.0, -24.406808633910085),
]
DOWNSIDE = [
    ("mixed", 0.0, DAILY, 0.60448325038829653),
    ("mixed", 0.1, DAILY, 1.7161730681956295),
    ("nine", 0.0, WEEKLY, 0.25888650451930134),
    ("nine", 0.1, WEEKLY, 0.7733045971672482),
    ("nine", 0.0, MONTHLY, 0.1243650540411842),
    ("nine", 0.1, MONTHLY, 0.37148351242013422),
    ("one", 0.0, DAILY, 0.20671788246185202),
    ("two", 0.0, DAILY, 0.083495680595704475),
    ("one", 0.0, WEEKLY, 0.093902996054410062),
    ("two", 0.0, WEEKLY, 0.037928477556776516),
    ("one", 0.0, MONTHLY, 0.045109540184877193),
    ("two", 0.0, MONTHLY, 0.018220251263412916),
]
SORTINO = [
    ("mixed", 0.0, DAILY, 2.605531251673693),
    ("mixed", 0.01, DAILY, -1.3934779588919977),
    ("negative", 0.0, DAILY, -13.532743075043401),
    ("nine", 0.0, WEEKLY, 1.1158901056866439),
    ("nine", 0.0, MONTHLY, 0.53605626741889756),
    ("one", 0.0, DAILY, 3.0639640966566306),
    ("two", 0.0, DAILY, 38.090963117002495),
    ("one", 0.0, WEEKLY, 1.3918264112070571),
    ("two", 0.0, WEEKLY, 17.303077589064618),
    ("one", 0.0, MONTHLY, 0.6686117809312383),
    ("two", 0.0, MONTHLY, 8.3121296084492844),
]
INFORMATION = [  # beside a benchmark, per day as the source has it
    ("mixed", np.zeros(8), 1, 0.10859306069076737),
    ("mixed", np.full(8, 0.01), 1, -0.06515583641446039),
    # its Sharpe ratio with a series for the risk-free rate
    ("mixed", SIMPLE[1:], DAILY, 0.34111411441060574),
]
QUANTILES = [  # returns, share of the tail, value
    ((1.0, 2.0), 0.3, 1.3),
    ((1.0, 81.0, 82.0, 83.0, 84.0, 85.0), 0.1, 41.0),
    ((1.0, 81.0, 82.0, 83.0, 84.0, 85.0), 0.2, 81.0),
    ((1.0, 81.0, 82.0, 83.0, 84.0, 85.0), 0.3, 81.5),
    ((-0.05, -0.03, -0.02, -0.01, 0.0, 0.01, 0.02, 0.03, 0.04, 0.05), 0.05, -0.041),
]

BACON = percent(
    0.3, 2.6, 1.1, -1.0, 1.5, 2.5, 1.6, 6.7, -1.4, 4.0, -0.5, 8.1,
    4.0, -3.7, -6.1, 1.7, -4.9, -2.2, 7.0, 5.8, -6.5, 2.4, -0.5, -0.9,
)  # fmt: skip
BACON_BENCHMARK = percent(
    0.2, 2.5, 1.8, -1.1, 1.4, 1.8, 1.4, 6.5, -1.5, 4.2, -0.6, 8.3,
    3.9, -3.8, -6.2, 1.5, -4.8, 2.1, 6.0, 5.6, -6.7, 1.9, -0.3, 0.0,
)  # fmt: skip

NORRIS = np.array(
    [
        (0.1, 0.2), (338.8, 337.4), (118.1, 118.2), (888.0, 884.6), (9.2, 10.1), (228.1, 226.5),
        (668.5, 666.3), (998.5, 996.3), (449.1, 448.6), (778.9, 777.0), (559.2, 558.2), (0.3, 0.4),
        (0.1, 0.6), (778.1, 775.5), (668.8, 666.9), (339.3, 338.0), (448.9, 447.5), (10.8, 11.6),
        (557.7, 556.0), (228.3, 228.1), (998.0, 995.8), (888.8, 887.6), (119.6, 120.2), (0.3, 0.3),
        (0.6, 0.3), (557.6, 556.8), (339.3, 339.1), (888.0, 887.2), (998.5, 999.0), (778.9, 779.0),
        (10.2, 11.1), (117.6, 118.3), (228.9, 229.2), (668.4, 669.1), (449.2, 448.9), (0.2, 0.5),
    ]
)  # fmt: skip
ANSCOMBE = [
    ((10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5), y)
    for y in (
        (8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68),
        (9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74),
        (7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73),
    )
] + [
    (
        (8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8),
        (6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.50, 5.56, 7.91, 6.89),
    )
]
NUM_ACC = [  # NIST: values, certified standard deviation
    (np.array([10000001.0, 10000003.0, 10000002.0]), 1.0),
    (np.array([1.2, *([1.1, 1.3] * 500)]), 0.1),
    (np.array([1000000.2, *([1000000.1, 1000000.3] * 500)]), 0.1),
    (np.array([10000000.2, *([10000000.1, 10000000.3] * 500)]), 0.1),
]
