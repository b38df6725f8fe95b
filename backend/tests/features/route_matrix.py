"""Every route that needs a session, and how to ask it of what one tenant has."""

from typing import Any

from tests.builders import a_purchase, an_account
from tests.features.route_world import Call, World

UNIT = {"Idempotency-Key": "matrix"}
TYPED = {
    "symbol": "TYPED", "name": "Typed by hand", "currency": "USD", "asset_class": "other",
}  # fmt: skip
# nothing is fetched from it
SOURCE = {"url": "https://10.0.0.1/price.json", "price_path": "price", "currency": "USD"}
CSV = (
    b'"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"\n'
    b'"03/05/2012","Buy","IBM","IBM CORP","10","$200.00","$1.00","-$2,001.00"\n'
)


def _operations(world: World) -> dict[str, list[Call]]:
    """What operators alone may ask; ids of others' work are no more to them than ids."""
    jobs, backfills = "/api/v1/operations/jobs", "/api/v1/operations/backfills"
    span = {"first_day": "2013-01-02", "last_day": "2013-01-03"}
    return {
        "listJobs": [Call(jobs, names=False)],
        "getJobsSummary": [Call(f"{jobs}/summary", names=False)],
        "getJob": [Call(f"{jobs}/{world.closure_id}", names=False)],
        "retryJob": [Call(f"{jobs}/{world.closure_id}/retry", names=False, json={})],
        "cancelJob": [Call(f"{jobs}/{world.closure_id}/cancel", names=False, json={})],
        "listBackfills": [Call(backfills, names=False)],
        "requestBackfill": [Call(backfills, names=False, json=span)],
        "getBackfill": [Call(f"{backfills}/{world.closure_id}", names=False)],
        "cancelBackfill": [Call(f"{backfills}/{world.closure_id}/cancel", names=False, json={})],
    }


def _benchmarks(world: World) -> dict[str, list[Call]]:
    """Blends of the portfolio's own; a part names an instrument that somebody holds."""
    path = "/api/v1/benchmarks"
    part = {"instrument_id": str(world.instrument_id), "weight_ratio": "1"}
    blend = {"name": "A blend", "parts": [part]}
    one = f"{path}/{world.benchmark_id}"
    series = {"name": "Prices", "parts": [{"series": "CPIAUCSL", "weight_ratio": "1"}]}
    return {
        "listBenchmarks": [Call(path, names=False)],
        "compareWithBenchmarks": [
            Call(f"{path}/side-by-side", names=False),
            Call(f"{path}/side-by-side", params={"benchmark": str(world.benchmark_id)}),
            Call(f"{path}/side-by-side", params={"account_id": str(world.account_id)}),
        ],
        "createBenchmark": [Call(path, json=blend)],
        "getBenchmark": [Call(one)],
        "updateBenchmark": [Call(one, json={**series, "version": 1})],
        "deleteBenchmark": [Call(one, params={"version": "1"})],
    }


def _taxonomies(world: World) -> dict[str, list[Call]]:
    """A taxonomy, a category in it, and what the instrument is made of."""
    every, fund = "/api/v1/taxonomies", f"/api/v1/instruments/{world.instrument_id}/composition"
    one = f"{every}/{world.taxonomy_id}"
    category = f"{one}/categories/{world.category_id}"
    version, instrument = {"version": 1}, str(world.instrument_id)
    part = {"instrument_id": str(world.instrument_id), "weight_ratio": "0.5"}
    document = {
        "format": "truenav.taxonomy", "format_version": 1, "name": "From a file",
        "categories": [], "assignments": [],
    }  # fmt: skip
    return {
        "listTaxonomies": [Call(every, names=False)],
        "createTaxonomy": [Call(every, names=False, json={"name": "Matrix"})],
        "importTaxonomy": [Call(f"{every}/import", names=False, json=document)],
        "getTaxonomy": [Call(one)],
        "getTaxonomyExport": [Call(f"{one}/export")],
        "renameTaxonomy": [Call(one, json={**version, "name": "Taken over"})],
        "removeTaxonomy": [Call(one, params={"version": "1"})],
        "replaceTaxonomy": [
            Call(f"{one}/content", json={**version, "categories": [], "assignments": []})
        ],
        "addCategory": [Call(f"{one}/categories", json={**version, "name": "Taken over"})],
        "changeCategory": [Call(category, json={**version, "name": "Taken over"})],
        "removeCategory": [Call(category, params={"version": "1"})],
        "assignInstruments": [
            Call(
                f"{one}/assignments",
                json={**version, "items": [{"instrument_id": instrument, "weights": []}]},
            )
        ],
        "classifyInstruments": [Call(f"{one}/classify", json={**version, "text": "X,Y"})],
        "getChecks": [Call("/api/v1/checks", names=False)],
        "setCheck": [
            Call(
                "/api/v1/checks/unclassified",
                json={"threshold": "0.5", "taxonomy_id": str(world.taxonomy_id)},
            )
        ],
        "getComposition": [Call(fund)],
        "stateComposition": [Call(fund, json={"as_of": "2013-01-02", "parts": [part]})],
        "forgetComposition": [Call(fund, params={"version": "1"})],
        "readComposition": [Call(f"{fund}/read", json={"text": "X,1"})],
    }


def _watchlists(world: World) -> dict[str, list[Call]]:
    """A list with the instrument on it."""
    every = "/api/v1/watchlists"
    one = f"{every}/{world.watchlist_id}"
    version, instrument = {"version": 1}, str(world.instrument_id)
    item = f"{one}/items/{instrument}"
    seen = [{**version, "id": str(world.watchlist_id)}]
    return {
        "listWatchlists": [Call(every, names=False)],
        "createWatchlist": [Call(every, names=False, json={"name": "Matrix"})],
        # what is not one of one's own lists is a list that is gone: a conflict
        "reorderWatchlists": [Call(f"{every}/order", names=False, json={"items": seen})],
        "renameWatchlist": [Call(one, json={**version, "name": "Taken over"})],
        "removeWatchlist": [Call(one, params={"version": "1"})],
        "reorderWatched": [Call(f"{one}/order", json={**version, "instrument_ids": [instrument]})],
        "watchInstrument": [Call(f"{one}/items", json={"instrument_id": instrument})],
        "noteWatched": [Call(item, json={**version, "note": "Taken over"})],
        "unwatchInstrument": [Call(item, params={"version": "1"})],
    }


def _scopes(world: World) -> dict[str, Any]:
    """Scopes that name what a tenant has: another is told in each place that there is none."""
    return {
        "scopes": [
            {"account_ids": [str(world.account_id)]},
            {"instrument_ids": [str(world.instrument_id)]},
            {"category_ids": [str(world.category_id)]},
        ]
    }


def calls(world: World) -> dict[str, list[Call]]:
    """Every guarded operation, once for each place where it can name what a tenant has."""
    account = {"account_id": str(world.account_id)}
    one_account = f"/api/v1/accounts/{world.account_id}"
    one_import = f"/api/v1/imports/{world.import_id}"
    one_transaction = f"/api/v1/transactions/{world.transaction_id}"
    one_instrument = f"/api/v1/instruments/{world.instrument_id}"
    one_order = f"/api/v1/operations/data/instruments/{world.instrument_id}/source-order"
    upload = {**account, "file_name": "trades.csv"}
    actions = "/api/v1/corporate-actions"
    one_action = f"{actions}/{world.action_id}"
    terms = {
        "kind": "worthless",
        "instrument_id": str(world.instrument_id),
        "ex_date": "2013-01-02",
    }
    explain, dollars = "/api/v1/explain", {"currency": "USD"}
    reports = "/api/v1/reports"
    one_report = f"{reports}/{world.report_id}"
    return {
        "getMe": [Call("/api/v1/me", names=False)],
        "listAccounts": [Call("/api/v1/accounts", names=False)],
        "createAccount": [Call("/api/v1/accounts", names=False, json=an_account(name="Matrix"))],
        "getAccount": [Call(one_account)],
        "updateAccount": [Call(one_account, json={"version": 1, "name": "Taken over"})],
        "deleteAccount": [Call(one_account)],
        "listInstruments": [Call("/api/v1/instruments", names=False, params={"limit": "200"})],
        "getInstrument": [Call(one_instrument)],
        "listCorporateActions": [Call(f"{one_instrument}/corporate-actions")],
        "getPriceHistory": [Call(f"{one_instrument}/prices")],
        "getInstrumentSettings": [Call(f"{one_instrument}/settings")],
        "setInstrumentSettings": [
            Call(f"{one_instrument}/settings", json={"share_kind": "preferred", "coupon": None})
        ],
        "listPriceVersions": [Call(f"{one_instrument}/price-versions")],
        "listManualPrices": [Call(f"{one_instrument}/manual-prices")],
        "setManualPrice": [
            Call(
                f"{one_instrument}/manual-prices/2013-01-02",
                json={"close": "1", "currency": "USD"},
            )
        ],
        "removeManualPrice": [
            Call(f"{one_instrument}/manual-prices/2013-01-02", params={"version": "1"})
        ],
        "pasteManualPrices": [
            Call(
                f"{one_instrument}/manual-prices/paste",
                json={"text": "2013-01-02,1", "currency": "USD"},
            )
        ],
        "getCustomSource": [Call(f"{one_instrument}/custom-source")],
        "setCustomSource": [Call(f"{one_instrument}/custom-source", json=SOURCE)],
        "removeCustomSource": [Call(f"{one_instrument}/custom-source", params={"version": "1"})],
        "tryCustomSource": [Call(f"{one_instrument}/custom-source/test", json=SOURCE)],
        "searchInstruments": [
            Call("/api/v1/instruments/search", names=False, params={"q": "company"})
        ],
        "addInstrument": [Call("/api/v1/instruments", names=False, json=TYPED)],
        "renameInstrument": [
            Call(
                one_order.replace("source-order", "rename"),
                names=False,
                json={"symbol": "RENAMED", "from_date": "2024-01-02"},
            )
        ],
        "getSourceOrder": [Call("/api/v1/source-order", names=False)],
        "setSourceOrder": [Call("/api/v1/source-order", names=False, json={"sources": ["yahoo"]})],
        "getInstrumentSourceOrder": [Call(one_order, names=False)],
        "setInstrumentSourceOrder": [Call(one_order, names=False, json={"sources": ["yahoo"]})],
        "getBulkPrices": [
            Call(
                "/api/v1/prices/bulk",
                names=False,
                params={"instrument_ids": str(world.instrument_id)},
            )
        ],
        "listProviders": [Call("/api/v1/operations/providers", names=False)],
        "resetProvider": [Call("/api/v1/operations/providers/yahoo/reset", names=False)],
        "listDataCoverage": [Call("/api/v1/operations/data/coverage", names=False)],
        "listDataFindings": [Call("/api/v1/operations/data/findings", names=False)],
        "decideDataFinding": [
            Call(
                f"/api/v1/operations/data/findings/{world.closure_id}/decide",
                names=False,
                json={"decision": "accepted", "reason": "matrix"},
            )
        ],
        **_operations(world),
        **_taxonomies(world),
        **_watchlists(world),
        "getQuote": [Call(f"/api/v1/quotes/{world.instrument_id}")],
        "listQuotes": [
            Call("/api/v1/quotes", names=False, params={"instrument_ids": str(world.instrument_id)})
        ],
        "listQuarantine": [Call("/api/v1/operations/quarantine", names=False)],
        "decideQuarantined": [
            Call(
                f"/api/v1/operations/quarantine/{world.closure_id}/decide",
                names=False,
                json={"decision": "accepted", "reason": "matrix"},
            )
        ],
        "listActions": [
            Call(actions, names=False),
            Call(actions, params=account),
            Call(actions, params={"instrument_id": str(world.instrument_id)}),
        ],
        "getAction": [Call(one_action)],
        "createAction": [Call(actions, json=terms)],
        "changeAction": [Call(one_action, json=terms)],
        "removeAction": [Call(one_action)],
        "previewAction": [Call(f"{one_action}/preview", json={})],
        "applyAction": [Call(f"{one_action}/apply", json={})],
        "reverseAction": [Call(f"{one_action}/reverse", json={})],
        "dismissAction": [Call(f"{one_action}/dismiss", json={})],
        "undismissAction": [Call(f"{one_action}/undismiss", json={})],
        "listTransactions": [
            Call("/api/v1/transactions", names=False),
            Call("/api/v1/transactions", names=False, params=account),
            Call(
                "/api/v1/transactions",
                names=False,
                params={"import_batch_id": str(world.import_id)},
            ),
        ],
        "markTransactions": [
            Call("/api/v1/transactions/marks", names=False),
            Call("/api/v1/transactions/marks", names=False, params=account),
        ],
        "getTransaction": [Call(one_transaction)],
        "postTransaction": [
            Call("/api/v1/transactions", json=a_purchase(world.account_id, world.instrument_id))
        ],
        "reverseTransaction": [Call(f"{one_transaction}/reverse")],
        "restoreTransaction": [Call(f"{one_transaction}/restore")],
        "getTransactionHistory": [Call(f"{one_transaction}/history")],
        "correctTransaction": [
            Call(one_transaction, json=a_purchase(world.account_id, world.instrument_id))
        ],
        "changeTransactions": [
            Call(
                "/api/v1/transactions/bulk",
                json={"operations": [{"op": "reverse", "id": str(world.transaction_id)}]},
            )
        ],
        "listPositions": [
            Call("/api/v1/positions", names=False),
            Call("/api/v1/positions", params=account),
        ],
        "listRealizedGains": [
            Call("/api/v1/realized-gains", names=False),
            Call("/api/v1/realized-gains", params=account),
        ],
        "exportRealizedGains": [
            Call("/api/v1/realized-gains.csv", names=False),
            Call("/api/v1/realized-gains.csv", params=account),
        ],
        "listCash": [
            Call("/api/v1/cash", names=False),
            Call("/api/v1/cash", params=account),
        ],
        "listCashMovements": [
            Call("/api/v1/cash/movements", params={**account, "currency": "USD"})
        ],
        "getBulkPerformance": [
            Call("/api/v1/performance/bulk", names=False, json={"scopes": [{}]}),
            Call("/api/v1/performance/bulk", names=False, json=_scopes(world)),
        ],
        "explainPosition": [
            Call(
                f"{explain}/position",
                params={**account, "instrument_id": str(world.instrument_id)},
            )
        ],
        "explainLot": [Call(f"{explain}/lots/{world.lot_id}")],
        "explainClosure": [Call(f"{explain}/closures/{world.closure_id}")],
        "explainRealizedGains": [
            Call(f"{explain}/realized-gains", names=False, params={"in_currency": "USD"}),
            Call(f"{explain}/realized-gains", params={**account, "in_currency": "USD"}),
        ],
        "explainCash": [Call(f"{explain}/cash", params={**account, **dollars})],
        "explainCashMovement": [
            Call(
                f"{explain}/cash/movement",
                params={**account, **dollars, "transaction_id": str(world.transaction_id)},
            )
        ],
        "explainCashMovements": [
            Call(f"{explain}/cash/movements", params={**account, **dollars, "kind": "buy"})
        ],
        "explainTotal": [
            Call(f"{explain}/holdings", names=False),
            Call(f"{explain}/holdings", params=account),
        ],
        "explainHolding": [Call(f"{explain}/holdings/{world.instrument_id}")],
        "getGains": [
            Call("/api/v1/gains", names=False),
            Call("/api/v1/gains", params=account),
        ],
        "getAllocation": [
            Call("/api/v1/allocation", names=False),
            Call("/api/v1/allocation", params=account),
            Call("/api/v1/allocation", params={"by": str(world.taxonomy_id)}),
        ],
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
        "explainPerformance": [
            Call(f"{explain}/performance", names=False, params={"figure": "gain"}),
            Call(f"{explain}/performance", params={**account, "figure": "time_weighted"}),
        ],
        "createLiveTicket": [Call("/api/v1/live/tickets", names=False)],
        "listLedgerProofs": [Call("/api/v1/ledger/proofs", names=False)],
        "listLots": [Call("/api/v1/lots", params={"instrument_id": str(world.instrument_id)})],
        "getLot": [Call(f"/api/v1/lots/{world.lot_id}")],
        "whatIfSold": [
            Call(
                "/api/v1/lots/what-if",
                json={
                    **account,
                    "instrument_id": str(world.instrument_id),
                    "quantity": "1",
                    "price": "1",
                },
            )
        ],
        "getLotMethods": [Call(f"{one_account}/lot-methods")],
        "setLotMethods": [Call(f"{one_account}/lot-methods", json={"version": 1, "first": "hifo"})],
        "listImports": [Call("/api/v1/imports", names=False)],
        "uploadImport": [Call("/api/v1/imports", params=upload, content=CSV)],
        "getImport": [Call(one_import)],
        "listImportRows": [Call(f"{one_import}/rows")],
        "saveImportMapping": [
            Call(
                f"{one_import}/mapping",
                json={"columns": {"date": "Date", "kind": "Action"}, "kinds": {"Buy": "buy"}},
            )
        ],
        "commitImport": [Call(f"{one_import}/commit")],
        "undoImport": [Call(f"{one_import}/undo")],
        "cancelImport": [Call(f"{one_import}/cancel")],
        "discardImport": [Call(f"{one_import}/discard")],
        "getOverview": [
            Call("/api/v1/overview", names=False),
            Call("/api/v1/overview", params=account),
        ],
        "listHoldings": [
            Call("/api/v1/holdings", names=False),
            Call("/api/v1/holdings", params=account),
        ],
        "getNavSeries": [Call("/api/v1/nav", names=False), Call("/api/v1/nav", params=account)],
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
                ("getMonthlyReturns", "/api/v1/performance/monthly"),
                ("getRollingReturns", "/api/v1/performance/rolling"),
                ("listTradeResults", "/api/v1/attribution/trades"),
            )
        },
        "getAttribution": [
            Call("/api/v1/attribution", names=False),
            Call("/api/v1/attribution", params=account),
            Call(
                "/api/v1/attribution",
                params={"by": "taxonomy", "taxonomy_id": str(world.taxonomy_id)},
            ),
        ],
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
        "getIncome": [
            Call("/api/v1/income", names=False),
            Call("/api/v1/income", params=account),
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
        "getRisk": [
            Call("/api/v1/risk", names=False),
            Call("/api/v1/risk", params=account),
            Call("/api/v1/risk", params={"benchmark_id": str(world.instrument_id)}),
            Call("/api/v1/risk", params={"benchmark_id": str(world.benchmark_id)}),
        ],
        "getBulkIncome": [
            Call("/api/v1/income/bulk", names=False, json={"scopes": [{}]}),
            Call("/api/v1/income/bulk", names=False, json=_scopes(world)),
        ],
        "getBulkAllocation": [
            Call("/api/v1/allocation/bulk", names=False, json={"scopes": [{}]}),
            Call("/api/v1/allocation/bulk", names=False, json=_scopes(world)),
        ],
        "getBulkAttribution": [
            Call("/api/v1/attribution/bulk", names=False, json={"scopes": [{}]}),
            Call("/api/v1/attribution/bulk", names=False, json=_scopes(world)),
        ],
        "getBulkRisk": [
            Call("/api/v1/risk/bulk", names=False, json={"scopes": [{}]}),
            Call("/api/v1/risk/bulk", names=False, json=_scopes(world)),
        ],
        **_benchmarks(world),
    }
