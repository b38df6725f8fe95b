/** Each figure in plain words; the formula comes with it. */
export const METRICS: Readonly<Record<string, { title: string; says: string }>> = {
  volatility: {
    title: "Volatility",
    says: "How far a year’s return usually lies from its average. In about two years of three it lies within this much.",
  },
  annual_return: {
    title: "Return a year",
    says: "Time-weighted: what the investments did, whatever was paid in when.",
  },
  sharpe: {
    title: "Sharpe ratio",
    says: "Return above the risk-free rate for each unit of volatility. Higher is better paid risk; below zero, cash did better.",
  },
  sortino: {
    title: "Sortino ratio",
    says: "The same, but only falls below the risk-free rate count as risk.",
  },
  downside_deviation: {
    title: "Downside deviation",
    says: "Volatility of losses alone: days that gained count as nothing.",
  },
  calmar: {
    title: "Calmar ratio",
    says: "Return a year for each unit of the worst fall.",
  },
  beta: {
    title: "Beta",
    says: "How much it moved when the benchmark moved by one: 1.2 means a fifth more, in both directions.",
  },
  alpha: {
    title: "Alpha a year",
    says: "What was earned beyond what beta explains.",
  },
  correlation: {
    title: "Correlation",
    says: "How closely it moved with the benchmark: 1 in step, 0 not at all, −1 against it.",
  },
  r_squared: {
    title: "R²",
    says: "Share of its ups and downs that the benchmark explains.",
  },
  tracking_error: {
    title: "Tracking error",
    says: "How far a year’s return usually lies from the benchmark’s.",
  },
  information_ratio: {
    title: "Information ratio",
    says: "Return beyond the benchmark’s for each unit of tracking error.",
  },
  up_capture: {
    title: "Up capture",
    says: "On days the benchmark rose: the average gain as a share of the benchmark’s.",
  },
  down_capture: {
    title: "Down capture",
    says: "On days the benchmark fell: the average loss as a share of the benchmark’s. Lower is better.",
  },
};

export const OWN = [
  "annual_return",
  "volatility",
  "sharpe",
  "sortino",
  "downside_deviation",
  "calmar",
];
export const BESIDE = [
  "beta",
  "alpha",
  "correlation",
  "r_squared",
  "tracking_error",
  "information_ratio",
  "up_capture",
  "down_capture",
];

const INPUTS: Readonly<Record<string, string>> = {
  n: "n, returns",
  days: "days",
  deviation: "standard deviation of one return",
  benchmark_deviation: "the same of the benchmark",
  periods: "returns in a year",
  mean_excess: "mean return less the risk-free rate",
  mean_active: "mean return less the benchmark’s",
  shortfall: "shortfall of one return",
  floor: "floor",
  total_return: "return of the whole span",
  annual_return: "return a year",
  max_drawdown: "worst fall",
  correlation: "correlation",
  alpha_per_period: "alpha of one day",
  beta: "beta",
  mean: "mean return",
  benchmark_mean: "mean return of the benchmark",
};

export const inputWords = (name: string): string => INPUTS[name] ?? name.replaceAll("_", " ");

/** "95 %" of "0.95". */
export const levelWords = (ratio: string): string => `${String(Math.round(Number(ratio) * 100))} %`;

/** Figures of a bad day, in their order. */
export const TAIL_ROWS = [
  ["value_at_risk", "Value at risk"],
  ["expected_shortfall", "Expected shortfall"],
  ["parametric", "Value at risk, if returns were normal"],
] as const;

/** Rules of quantiles, by NumPy’s names. */
export const QUANTILES = [
  ["linear", "Linear, as in spreadsheets"],
  ["lower", "The lower return"],
  ["higher", "The higher return"],
  ["midpoint", "Midway between two returns"],
  ["nearest", "The nearest return"],
  ["inverted_cdf", "Inverted CDF"],
  ["averaged_inverted_cdf", "Averaged inverted CDF"],
  ["closest_observation", "Closest observation"],
  ["interpolated_inverted_cdf", "Interpolated inverted CDF"],
  ["hazen", "Hazen"],
  ["weibull", "Weibull"],
  ["median_unbiased", "Median-unbiased"],
  ["normal_unbiased", "Normal-unbiased"],
] as const;
export type Quantile = (typeof QUANTILES)[number][0];
export const QUANTILE_WORDS: Readonly<Record<string, string>> = Object.fromEntries(QUANTILES);
