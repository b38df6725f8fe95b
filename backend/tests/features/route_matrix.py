"""Every route that needs a session, and how to ask it of what one tenant has."""

from tests.features.route_figures import of_figures
from tests.features.route_market import of_the_market
from tests.features.route_records import of_records
from tests.features.route_world import Call, World


def calls(world: World) -> dict[str, list[Call]]:
    """Every guarded operation, once for each place where it can name what a tenant has."""
    return {**of_the_market(world), **of_records(world), **of_figures(world)}
