"""Routes of figures: values, returns, income, risk, and reports of them."""

from typing import Any

from tests.features.route_world import Call, World


def _scopes(world: World) -> dict[str, Any]:
    """Scopes that name what a tenant has: another is told in each place that there is none."""
    return {
        "scopes": [
            {"account_ids": [str(world.account_id)]},
            {"instrument_ids": [str(world.instrument_id)]},
            {"category_ids": [str(world.category_id)]},
        ]
    }


def _values(world: World) -> dict[str, list[Call]]:
    """What is held, and what it is worth."""
    account = {"account_id": str(world.account_id)}
    explain = "/api/v1/explain"
    return {
        "getOverview": [
            Call("/api/v1/overview", names=False),
            Call("/api/v1/overview", params=account),
        ],
        "listHoldings": [
            Call("/api/v1/holdings", names=False),
            Call("/api/v1/holdings", params=account),
        ],
        "getNavSeries": [Call("/api/v1/nav", names=False), Call("/api/v1/nav", params=account)],
        "getAllocation": [
            Call("/api/v1/allocation", names=False),
            Call("/api/v1/allocation", params=account),
            Call("/api/v1/allocation", params={"by": str(world.taxonomy_id)}),
        ],
        "getBulkAllocation": [
            Call("/api/v1/allocation/bulk", names=False, json={"scopes": [{}]}),
            Call("/api/v1/allocation/bulk", names=False, json=_scopes(world)),
        ],
        "getGains": [
            Call("/api/v1/gains", names=False),
            Call("/api/v1/gains", params=account),
        ],
        "explainTotal": [
            Call(f"{explain}/holdings", names=False),
            Call(f"{explain}/holdings", params=account),
        ],
        "explainHolding": [Call(f"{explain}/holdings/{world.instrument_id}")],
        "explainAllocationNode": [
            Call(f"{explain}/allocation/node", params={**account, "key": "equity"}),
            Call(
                f"{explain}/allocation/node",
                params={"by": str(world.taxonomy_id), "key": "uncategorized"},
            ),
        ],
        "explainOverview": [
            Call(f"{explain}/overview", names=False, params={"figure": "total_gain"}),
            Call(f"{explain}/overview", params={**account, "figure": "day_change"}),
        ],
        "explainNav": [Call(f"{explain}/nav", params={**account, "on": "2026-03-05"})],
        "explainFlows": [Call(f"{explain}/flows", params={**account, "on": "2026-03-05"})],
    }


def _returns(world: World) -> dict[str, list[Call]]:
    """Returns, benchmarks and attribution."""
    account = {"account_id": str(world.account_id)}
    explain = "/api/v1/explain"
    return {
        "getPerformance": [
            Call("/api/v1/performance", names=False),
            Call("/api/v1/performance", params=account),
            Call("/api/v1/performance", params={"benchmark": str(world.instrument_id)}),
            Call("/api/v1/performance", params={"benchmark": str(world.benchmark_id)}),
        ],
        **{
            operation: [Call(path, names=False), Call(path, params=account)]
            for operation, path in (
                ("getValueChange", "/api/v1/performance/waterfall"),
                ("getValueChangeParts", "/api/v1/performance/waterfall/parts"),
                ("getMonthlyReturns", "/api/v1/performance/monthly"),
                ("getRollingReturns", "/api/v1/performance/rolling"),
                ("listTradeResults", "/api/v1/attribution/trades"),
            )
        },
        "listValueChangeRecords": [
            Call("/api/v1/performance/waterfall/records", names=False, params={"bar": "deposits"}),
            Call("/api/v1/performance/waterfall/records", params={**account, "bar": "deposits"}),
        ],
        "getBulkPerformance": [
            Call("/api/v1/performance/bulk", names=False, json={"scopes": [{}]}),
            Call("/api/v1/performance/bulk", names=False, json=_scopes(world)),
        ],
        "getAttribution": [
            Call("/api/v1/attribution", names=False),
            Call("/api/v1/attribution", params=account),
            Call(
                "/api/v1/attribution",
                params={"by": "taxonomy", "taxonomy_id": str(world.taxonomy_id)},
            ),
            Call("/api/v1/attribution", params={"benchmark": str(world.instrument_id)}),
        ],
        "getBulkAttribution": [
            Call("/api/v1/attribution/bulk", names=False, json={"scopes": [{}]}),
            Call("/api/v1/attribution/bulk", names=False, json=_scopes(world)),
        ],
        "explainPerformance": [
            Call(f"{explain}/performance", names=False, params={"figure": "gain"}),
            Call(f"{explain}/performance", params={**account, "figure": "time_weighted"}),
        ],
        "explainBenchmark": [
            Call(
                f"{explain}/benchmarks",
                params={**account, "figure": "ratio", "benchmark": str(world.instrument_id)},
            ),
            Call(
                f"{explain}/benchmarks",
                params={"figure": "same_flows_closing", "benchmark": str(world.benchmark_id)},
            ),
        ],
        "explainValueChange": [
            Call(f"{explain}/value-change", names=False, params={"bar": "closing"}),
            Call(f"{explain}/value-change", params={**account, "bar": "unrealized"}),
        ],
        "explainAttribution": [
            Call(f"{explain}/attribution", names=False, params={"figure": "total"}),
            Call(f"{explain}/attribution", params={**account, "figure": "residual"}),
        ],
        "explainTradeResult": [
            Call(
                f"{explain}/attribution/trade",
                params={"transaction_id": str(world.transaction_id)},
            )
        ],
    }


def _income(world: World) -> dict[str, list[Call]]:
    """Income."""
    account = {"account_id": str(world.account_id)}
    explain = "/api/v1/explain"
    return {
        "getIncome": [
            Call("/api/v1/income", names=False),
            Call("/api/v1/income", params=account),
        ],
        "getBulkIncome": [
            Call("/api/v1/income/bulk", names=False, json={"scopes": [{}]}),
            Call("/api/v1/income/bulk", names=False, json=_scopes(world)),
        ],
        **{
            operation: [Call(path, names=False), Call(path, params=account)]
            for operation, path in (
                ("getIncomeCalendar", "/api/v1/income/calendar"),
                ("getIncomeProjection", "/api/v1/income/projection"),
                ("getIncomeYields", "/api/v1/income/yields"),
                ("listIncomePreferences", "/api/v1/income/preferences"),
                ("explainIncome", f"{explain}/income"),
                ("explainIncomeProjection", f"{explain}/income/projection"),
                ("explainIncomeYields", f"{explain}/income/yields"),
            )
        },
        "setIncomePreference": [
            Call("/api/v1/income/preferences", json={**account, "handling": "reinvest"})
        ],
        "explainIncomePayment": [
            Call(
                f"{explain}/income/payment",
                params={
                    "paid_in": str(world.account_id),
                    "paid_by": str(world.instrument_id),
                    "ex_date": "2026-03-05",
                },
            )
        ],
        "explainIncomeYield": [Call(f"{explain}/income/yields/{world.instrument_id}")],
    }


def _risk(world: World) -> dict[str, list[Call]]:
    """Risk."""
    account = {"account_id": str(world.account_id)}
    explain = "/api/v1/explain"
    return {
        "getRisk": [
            Call("/api/v1/risk", names=False),
            Call("/api/v1/risk", params=account),
            Call("/api/v1/risk", params={"benchmark_id": str(world.instrument_id)}),
            Call("/api/v1/risk", params={"benchmark_id": str(world.benchmark_id)}),
        ],
        "getBulkRisk": [
            Call("/api/v1/risk/bulk", names=False, json={"scopes": [{}]}),
            Call("/api/v1/risk/bulk", names=False, json=_scopes(world)),
        ],
        "explainRisk": [
            Call(f"{explain}/risk", names=False, params={"figure": "volatility"}),
            Call(f"{explain}/risk", params={**account, "figure": "max_drawdown"}),
        ],
        "explainRiskWindow": [
            Call(
                f"{explain}/risk/window",
                params={**account, "figure": "volatility", "on": "2026-03-05"},
            )
        ],
        "explainRiskHistogram": [Call(f"{explain}/risk/histogram", params={**account, "bar": "1"})],
        "explainRiskCorrelation": [
            Call(
                f"{explain}/risk/correlation",
                params={
                    **account,
                    "left_id": str(world.instrument_id),
                    "right_id": str(world.instrument_id),
                },
            )
        ],
    }


def _reports(world: World) -> dict[str, list[Call]]:
    """Reports that are kept, and calculations they were made with."""
    account = {"account_id": str(world.account_id)}
    reports = "/api/v1/reports"
    one_report = f"{reports}/{world.report_id}"
    return {
        "listCalculations": [Call("/api/v1/calculations", names=False)],
        "listReports": [Call(reports, names=False)],
        "keepReport": [
            Call(reports, json={"name": "Matrix", "parameters": {"kind": "nav", **account}})
        ],
        "getReport": [Call(one_report)],
        "getReportBody": [Call(f"{one_report}/body")],
        "renameReport": [Call(one_report, json={"version": 1, "name": "Taken over"})],
        "deleteReport": [Call(one_report)],
        "recomputeReport": [Call(f"{one_report}/recompute")],
    }


def of_figures(world: World) -> dict[str, list[Call]]:
    """Every operation of these."""
    return {
        **_values(world),
        **_returns(world),
        **_income(world),
        **_risk(world),
        **_reports(world),
    }
