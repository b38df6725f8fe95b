"""Figures of two more publishers.

- U: https://github.com/maxto/ubique, README, "EXAMPLE 1" and "EXAMPLE 2" (six decimals), and
  https://github.com/SockTrader/SockTrader, packages/indicators/README.md (all digits of the same
  functions on the same series). Its quantiles are MATLAB's: Hazen's rule. Left out: its Sortino
  with a risk-free rate (two thresholds), its drawdowns of more than one series (runs of losses).
- S: https://github.com/PHPOffice/PhpSpreadsheet, tests/data/Calculation/Statistical/*.php (Excel's
  results); SLOPE also at https://support.microsoft.com/zh-CN/excel/functions/slope-function.
"""

import numpy as np

X = np.array([0.003, 0.026, 0.015, -0.009, 0.014, 0.024, 0.015, 0.066, -0.014, 0.039])
Y = np.array([-0.005, 0.081, 0.04, -0.037, -0.061, 0.058, -0.049, -0.021, 0.062, 0.058])
Z = np.array([0.04, -0.022, 0.043, 0.028, -0.078, -0.011, 0.033, -0.049, 0.09, 0.087])
THREE = {"x": X, "y": Y, "z": Z}
DAYS, MONTHS, ONCE = 252, 12, 1

# U: figure, series, periods of a year, risk-free rate or floor, value
SINGLE = [
    ("volatility", "x", MONTHS, 0.0, 0.08047276972160623),
    ("volatility", "x", DAYS, 0.0, 0.368773),
    ("volatility", "y", DAYS, 0.0, 0.838372),
    ("volatility", "z", DAYS, 0.0, 0.877319),
    ("volatility", "x", ONCE, 0.0, 0.02323),
    ("volatility", "y", ONCE, 0.0, 0.052812),
    ("volatility", "z", ONCE, 0.0, 0.055266),
    ("annual_return", "x", MONTHS, 0.0, 0.2338146820656939),
    ("annual_return", "y", MONTHS, 0.0, 0.14509),
    ("annual_return", "z", MONTHS, 0.0, 0.191836),
    ("calmar", "x", MONTHS, 0.0, 16.70104871897814),
    ("calmar", "x", DAYS, 0.0, 5818.643065),
    ("calmar", "y", DAYS, 0.0, 148.279682),
    ("calmar", "z", DAYS, 0.0, 372.92169),
    ("deepest_fall", "x", ONCE, 0.0, -0.014),
    ("sharpe", "x", ONCE, 0.02 / 12, 0.6987943426529188),
    ("sharpe", "x", ONCE, 0.0, 0.770539),
    ("sharpe", "y", ONCE, 0.0, 0.23858),
    ("sharpe", "z", ONCE, 0.0, 0.291319),
    ("sortino", "x", ONCE, 0.0, 3.401051),
    ("sortino", "y", ONCE, 0.0, 0.446679),
    ("sortino", "z", ONCE, 0.0, 0.534003),
    ("downside_deviation", "x", ONCE, 0.001, 0.005700877125495689),
    ("parametric_var", "x", ONCE, 0.0, -0.020311),
    ("parametric_var", "y", ONCE, 0.0, -0.074269),
    ("parametric_var", "z", ONCE, 0.0, -0.074804),
    ("expected_shortfall", "x", ONCE, 0.0, -0.014),
    ("expected_shortfall", "y", ONCE, 0.0, -0.061),
    ("expected_shortfall", "z", ONCE, 0.0, -0.078),
]
# U: figure, series, benchmark, value; nothing annualized
PAIRED = [
    ("tracking_error", "x", "z", 0.06843618276256436),
    ("information_ratio", "x", "y", 0.09369148584852913),
    ("information_ratio", "x", "z", 0.026302),
    ("information_ratio", "y", "z", -0.059705),
    ("alpha", "x", "y", 0.01760907323602524),
    ("alpha", "x", "z", 0.020772),
    ("alpha", "y", "z", 0.006256),
]
# U: series, share of the tail, value by Hazen's rule
HAZEN = [
    ("x", 0.05, -0.014), ("y", 0.05, -0.061), ("z", 0.05, -0.078),
    ("x", 0.25, 0.003), ("x", 0.5, 0.015), ("x", 0.75, 0.026),
    ("y", 0.25, -0.037), ("y", 0.5, 0.0175), ("y", 0.75, 0.058),
    ("z", 0.25, -0.022), ("z", 0.5, 0.0305), ("z", 0.75, 0.043),
]  # fmt: skip

# S: y, x, value
SLOPES = [
    ((3, 6, 9, 12), (5, 10, 15, 20), 0.6),
    ((1, 2, 3, 4), (10, 11, 12, 13), 1.0),
    ((2, 4, 6), (10, 20, 30), 0.2),
    ((3, 7, 17, 20, 20, 27), (1, 2, 3, 4, 5, 6), 4.628571428571),
    ((2, 3, 9, 1, 8, 7, 5), (6, 5, 11, 7, 5, 4, 4), 0.305555555556),
]
INTERCEPTS = [
    ((5, 10, 15, 20), (12, 9, 6, 3), 25.0),
    ((1, 2, 3, 4), (10, 11, 12, 13), -9.0),
    ((10, 20, 30), (10, 20, 30), 0.0),
    ((2, 3, 9, 1, 8), (6, 5, 11, 7, 5), 0.048387096774),
]
SQUARES = [
    ((2, 3, 9, 1, 8, 7, 5), (6, 5, 11, 7, 5, 4, 4), 0.057950191571),
    ((2, 7, 8, 3, 4, 1, 6, 5), (22.9, 33.49, 34.5, 27.61, 19.5, 10.11, 37.90, 31.08),
     0.711666290487),
]  # fmt: skip
CORRELATIONS = [
    ((3, 2, 4, 5, 6), (9, 7, 12, 15, 17), 0.997054485502),
    ((2, 10, 7, 17, 14, 16, 8, 12, 11, 15, 18, 3, 4, 1, 6, 5, 13, 19, 20, 9),
     (22.9, 45.78, 33.49, 49.77, 40.94, 36.18, 21.05, 50.57, 31.32, 53.76, 55.66, 27.61, 11.15,
      10.11, 37.9, 31.08, 45.48, 63.83, 63.6, 27.01),
     0.870035103816),
]  # fmt: skip
# S: values, share, value by the linear rule
PERCENTILES = [
    ((1, 2, 3, 4), 0.3, 1.9), ((1, 2, 3, 4), 0.8, 3.4), ((1, 2, 3, 4), 0.75, 3.25),
    ((7, 8, 9, 20), 0.35, 8.05),
    ((10.5, 7.2, 200, 5.4, 8.1), 0.5, 8.1), ((10.5, 7.2, 200, 5.4, 8.1), 0.8, 48.4),
    ((2, 1, 6, 4, 3, 5), 0.2, 2.0), ((2, 1, 6, 4, 3, 5), 0.6, 4.0),
    ((2, 1, 6, 4, 3, 5), 0.5, 3.5), ((2, 1, 6, 4, 3, 5), 0.95, 5.75),
]  # fmt: skip
DEVIATION = ((1345, 1301, 1368, 1322, 1310, 1370, 1318, 1350, 1303, 1299), 27.463915719843)
