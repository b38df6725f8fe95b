"""The part of the portfolio a report is of, by the same filters as its page."""

from dataclasses import replace
from datetime import date

from truenav.core.money import check_currency
from truenav.features.reports.parameters import OfAccounts, OfSomeAccounts
from truenav.features.valuation.series import Scope, accounts_scope, scope_of
from truenav.features.valuation.slicing import slice_of
from truenav.platform.unit_of_work import UnitOfWork


async def scope_for(uow: UnitOfWork, parameters: OfAccounts, today: date) -> Scope:
    """What the parameters name, today.

    Raises:
        NotFound: no such account, or no such instrument.
    """
    if not isinstance(parameters, OfSomeAccounts):
        return await scope_of(uow, parameters.account_id, today)
    filters = parameters.filters()
    scope = await accounts_scope(uow, filters, today)
    if parameters.base_currency is not None:
        check_currency(parameters.base_currency)
        scope = replace(scope, currency=parameters.base_currency)
    return replace(scope, of=await slice_of(uow, scope.account_ids, filters))
