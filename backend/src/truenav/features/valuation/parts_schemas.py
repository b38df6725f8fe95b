"""Bodies of the allocation."""

from datetime import date
from uuid import UUID

from truenav.features.valuation.schemas import SliceOut, UnknownOut
from truenav.platform.wire import Body, CurrencyCode, DecimalText

UUID_TEXT = r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"
BY_PATTERN = rf"^(asset_class|currency|account|instrument|{UUID_TEXT})$"


class PartNodeOut(Body):
    """A node of the tree: what it and all below it come to, short positions subtracted.

    `value` is null as soon as a part of it is unknown. `negative_value` (≤ 0) is what in it is
    owed. `own_value` belongs to the node itself and not to a node below it.
    """

    key: str
    parent_key: str | None
    level: int
    label: str
    color_index: int | None
    value: DecimalText | None
    own_value: DecimalText | None
    negative_value: DecimalText
    weight_ratio: DecimalText | None
    holding_count: int
    unknown_count: int


class PartHoldingOut(Body):
    """The part of a position, or of cash, that belongs to a node itself."""

    node_key: str
    instrument_id: UUID | None
    account_id: UUID | None
    label: str
    name: str
    asset_class: str
    share_ratio: DecimalText
    value: DecimalText | None
    weight_ratio: DecimalText | None
    is_looked_through: bool
    unknown_reasons: list[str]


class PartsConventionsOut(Body):
    """What parts are worth, and what their weights are of."""

    prices: str
    rates: str
    weights: str
    short_positions: str
    calculation_version: str


class PartsOut(Body):
    """What is held by the nodes of a tree; nodes in order of level, then value.

    Nodes of one level come to `nav` together with what their parents own themselves.
    `looked_through_count` funds were shared out over their parts.
    """

    as_of: date
    currency: CurrencyCode
    slice: SliceOut
    by: str
    name: str
    nav: DecimalText | None
    nodes: list[PartNodeOut]
    holdings: list[PartHoldingOut]
    looked_through_count: int
    unknown_count: int
    unknowns: list[UnknownOut]
    is_recomputing: bool
    conventions: PartsConventionsOut
