"""Routes of accounts, their records, and what follows from records alone."""

from tests.builders import a_purchase, an_account
from tests.features.route_world import Call, World

CSV = (
    b'"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"\n'
    b'"03/05/2012","Buy","IBM","IBM CORP","10","$200.00","$1.00","-$2,001.00"\n'
)


def _accounts(world: World) -> dict[str, list[Call]]:
    """Who one is, and accounts."""
    one_account = f"/api/v1/accounts/{world.account_id}"
    return {
        "getMe": [Call("/api/v1/me", names=False)],
        "createLiveTicket": [Call("/api/v1/live/tickets", names=False)],
        "listAccounts": [Call("/api/v1/accounts", names=False)],
        "createAccount": [Call("/api/v1/accounts", names=False, json=an_account(name="Matrix"))],
        "getAccount": [Call(one_account)],
        "updateAccount": [Call(one_account, json={"version": 1, "name": "Taken over"})],
        "deleteAccount": [Call(one_account)],
        "getLotMethods": [Call(f"{one_account}/lot-methods")],
        "setLotMethods": [Call(f"{one_account}/lot-methods", json={"version": 1, "first": "hifo"})],
    }


def _actions(world: World) -> dict[str, list[Call]]:
    """Corporate actions."""
    account = {"account_id": str(world.account_id)}
    actions = "/api/v1/corporate-actions"
    one_action = f"{actions}/{world.action_id}"
    terms = {
        "kind": "worthless",
        "instrument_id": str(world.instrument_id),
        "ex_date": "2013-01-02",
    }
    return {
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
    }


def _transactions(world: World) -> dict[str, list[Call]]:
    """Records, one or many."""
    account = {"account_id": str(world.account_id)}
    one_transaction = f"/api/v1/transactions/{world.transaction_id}"
    return {
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
        "listLedgerProofs": [Call("/api/v1/ledger/proofs", names=False)],
    }


def _followed(world: World) -> dict[str, list[Call]]:
    """What follows from records: positions, lots, gains and cash."""
    account = {"account_id": str(world.account_id)}
    return {
        "listPositions": [
            Call("/api/v1/positions", names=False),
            Call("/api/v1/positions", params=account),
        ],
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
    }


def _explained(world: World) -> dict[str, list[Call]]:
    """Figures of records, explained."""
    account = {"account_id": str(world.account_id)}
    explain = "/api/v1/explain"
    dollars = {"currency": "USD"}
    return {
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
    }


def _imports(world: World) -> dict[str, list[Call]]:
    """Files that records come from."""
    account = {"account_id": str(world.account_id)}
    one_import = f"/api/v1/imports/{world.import_id}"
    upload = {**account, "file_name": "trades.csv"}
    return {
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
    }


def of_records(world: World) -> dict[str, list[Call]]:
    """Every operation of these."""
    return {
        **_accounts(world),
        **_actions(world),
        **_transactions(world),
        **_followed(world),
        **_explained(world),
        **_imports(world),
    }
