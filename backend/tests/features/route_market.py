"""Routes of instruments, their prices, and what sorts, watches or blends them."""

from tests.features.route_world import Call, World

TYPED = {
    "symbol": "TYPED", "name": "Typed by hand", "currency": "USD", "asset_class": "other",
}  # fmt: skip
# nothing is fetched from it
SOURCE = {"url": "https://10.0.0.1/price.json", "price_path": "price", "currency": "USD"}


def _instruments(world: World) -> dict[str, list[Call]]:
    """Instruments, and one of them."""
    one_instrument = f"/api/v1/instruments/{world.instrument_id}"
    return {
        "listInstruments": [Call("/api/v1/instruments", names=False, params={"limit": "200"})],
        "searchInstruments": [
            Call("/api/v1/instruments/search", names=False, params={"q": "company"})
        ],
        "addInstrument": [Call("/api/v1/instruments", names=False, json=TYPED)],
        "getInstrument": [Call(one_instrument)],
        "renameInstrument": [
            Call(
                f"/api/v1/operations/data/instruments/{world.instrument_id}/rename",
                names=False,
                json={"symbol": "RENAMED", "from_date": "2024-01-02"},
            )
        ],
        "listCorporateActions": [Call(f"{one_instrument}/corporate-actions")],
        "getInstrumentSettings": [Call(f"{one_instrument}/settings")],
        "setInstrumentSettings": [
            Call(f"{one_instrument}/settings", json={"share_kind": "preferred", "coupon": None})
        ],
    }


def _prices(world: World) -> dict[str, list[Call]]:
    """Prices of an instrument: everybody's, the portfolio's own, and now."""
    one_instrument = f"/api/v1/instruments/{world.instrument_id}"
    return {
        "getPriceHistory": [Call(f"{one_instrument}/prices")],
        "listPriceVersions": [Call(f"{one_instrument}/price-versions")],
        "getBulkPrices": [
            Call(
                "/api/v1/prices/bulk",
                names=False,
                params={"instrument_ids": str(world.instrument_id)},
            )
        ],
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
        "getQuote": [Call(f"/api/v1/quotes/{world.instrument_id}")],
        "listQuotes": [
            Call("/api/v1/quotes", names=False, params={"instrument_ids": str(world.instrument_id)})
        ],
    }


def _sources(world: World) -> dict[str, list[Call]]:
    """Where prices come from, and what is doubted of them."""
    one_order = f"/api/v1/operations/data/instruments/{world.instrument_id}/source-order"
    return {
        "getSourceOrder": [Call("/api/v1/source-order", names=False)],
        "setSourceOrder": [Call("/api/v1/source-order", names=False, json={"sources": ["yahoo"]})],
        "getInstrumentSourceOrder": [Call(one_order, names=False)],
        "setInstrumentSourceOrder": [Call(one_order, names=False, json={"sources": ["yahoo"]})],
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
        "listQuarantine": [Call("/api/v1/operations/quarantine", names=False)],
        "decideQuarantined": [
            Call(
                f"/api/v1/operations/quarantine/{world.closure_id}/decide",
                names=False,
                json={"decision": "accepted", "reason": "matrix"},
            )
        ],
    }


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
        "getChecks": [
            Call("/api/v1/checks", names=False),
            Call("/api/v1/checks", params={"account_id": str(world.account_id)}),
        ],
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


def _alerts(world: World) -> dict[str, list[Call]]:
    every = "/api/v1/alerts"
    rules, one = f"{every}/rules", f"{every}/rules/{world.alert_rule_id}"
    line = {"direction": "above", "threshold": "2"}
    about = {"kind": "price", "instrument_id": str(world.instrument_id), **line}
    of_account = {"kind": "nav", "account_id": str(world.account_id), **line}
    change = {"version": 1, "cool_down_minutes": 0, "is_enabled": False, **line}
    read = {"alert_ids": [str(world.alert_id)]}
    return {
        "listAlerts": [Call(every, names=False)],
        "countUnreadAlerts": [Call(f"{every}/unread", names=False)],
        "readAlerts": [Call(f"{every}/read", names=False, json=read)],
        "dismissAlert": [Call(f"{every}/{world.alert_id}/dismiss")],
        "listAlertRules": [Call(rules, names=False)],
        "createAlertRule": [Call(rules, json=about), Call(rules, json=of_account)],
        "changeAlertRule": [Call(one, json=change)],
        "snoozeAlertRule": [Call(f"{one}/snooze", json={"snooze": "hour"})],
        "removeAlertRule": [Call(one, params={"version": "1"})],
    }


def of_the_market(world: World) -> dict[str, list[Call]]:
    """Every operation of these."""
    return {
        **_instruments(world),
        **_prices(world),
        **_sources(world),
        **_operations(world),
        **_taxonomies(world),
        **_watchlists(world),
        **_alerts(world),
        **_benchmarks(world),
    }
