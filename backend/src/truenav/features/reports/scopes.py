"""The part of the portfolio a report is of, by the same filters as its page."""

from datetime import date

from truenav.features.reports.parameters import OfSlice
from truenav.features.valuation.scoping import in_currency, narrowed
from truenav.features.valuation.series import Scope, accounts_scope
from truenav.platform.unit_of_work import UnitOfWork


async def scope_for(uow: UnitOfWork, parameters: OfSlice, today: date) -> Scope:
    """What the parameters name, today.

    Raises:
        NotFound: no such account, instrument, category or taxonomy.
    """
    return await narrowed(uow, await accounts_for(uow, parameters, today))


async def accounts_for(uow: UnitOfWork, parameters: OfSlice, today: date) -> Scope:
    """The accounts alone, whatever of them is meant.

    Raises:
        NotFound: no such account.
    """
    whole = await accounts_scope(uow, parameters.filters(), today)
    return in_currency(whole, parameters.base_currency)
