"""Bodies of taxonomies."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from truenav.core.taxonomies.pasted import MOST_LINES
from truenav.core.taxonomies.starters import Starter
from truenav.core.taxonomies.tree import COLORS, MOST_CATEGORIES
from truenav.platform.wire import LINE_PATTERN, AskedDay, Body, CurrencyCode, DecimalText, Version

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=LINE_PATTERN),
]
Position = Annotated[int, Field(strict=True, ge=0, le=MOST_CATEGORIES)]
Color = Annotated[int, Field(strict=True, ge=0, lt=COLORS)]
Pasted = Annotated[str, Field(max_length=80_000, pattern=r"^[^\x00]*$")]
MOST_ASSIGNED = 5_000


class TaxonomySummaryOut(Body):
    id: UUID
    name: str
    starter: Starter | None
    version: int
    category_count: int
    instrument_count: int


class TaxonomyListOut(Body):
    items: list[TaxonomySummaryOut]
    starters: list[Starter]


class TaxonomyIn(Body):
    """`starter` is a ready tree to begin from; without one the taxonomy begins empty."""

    name: Name
    starter: Starter | None = None


class TaxonomyPatchIn(Body):
    version: Version
    name: Name


class CategoryOut(Body):
    id: UUID
    parent_id: UUID | None
    name: str
    position: int
    color_index: int


class AssignmentOut(Body):
    instrument_id: UUID
    category_id: UUID
    weight_ratio: DecimalText


class NamedInstrumentOut(Body):
    id: UUID
    symbol: str
    name: str


class TaxonomyOut(Body):
    """Categories in the order a person reads the tree; `instruments` names the assigned ones."""

    id: UUID
    name: str
    starter: Starter | None
    version: int
    categories: list[CategoryOut]
    assignments: list[AssignmentOut]
    instruments: list[NamedInstrumentOut]


class CategoryIn(Body):
    version: Version
    name: Name
    parent_id: UUID | None = None


class PlaceIn(Body):
    """Where a category goes: below which one (null: the top), and at which place among its own."""

    parent_id: UUID | None
    position: Position


class CategoryPatchIn(Body):
    version: Version
    name: Name | None = None
    color_index: Color | None = None
    place: PlaceIn | None = None


class WeightIn(Body):
    category_id: UUID
    weight_ratio: DecimalText


class InstrumentWeightsIn(Body):
    """All the weights of one instrument; none leaves it uncategorized."""

    instrument_id: UUID
    weights: Annotated[list[WeightIn], Field(max_length=100)]


class AssignmentsIn(Body):
    version: Version
    items: Annotated[list[InstrumentWeightsIn], Field(min_length=1, max_length=500)]


class CategoryStateIn(Body):
    id: UUID
    parent_id: UUID | None
    name: Name
    position: Position
    color_index: Color


class AssignmentStateIn(Body):
    instrument_id: UUID
    category_id: UUID
    weight_ratio: DecimalText


class ContentIn(Body):
    """All a taxonomy is to hold: what an editor kept from before, to take a change back."""

    version: Version
    categories: Annotated[list[CategoryStateIn], Field(max_length=MOST_CATEGORIES)]
    assignments: Annotated[list[AssignmentStateIn], Field(max_length=MOST_ASSIGNED)]


class ClassifyIn(Body):
    """Lines of `instrument, category > category, weight`; missing categories are added."""

    version: Version
    text: Pasted
    is_preview: bool = False


class LineFaultOut(Body):
    line: int
    message: str


class ClassifiedOut(Body):
    """What the lines say: how many instruments and new categories, or what is wrong with which."""

    is_done: bool
    instrument_count: int
    new_category_count: int
    faults: list[LineFaultOut]
    taxonomy: TaxonomyOut


class PortableInstrument(Body):
    symbol: Annotated[str, Field(max_length=80, pattern=LINE_PATTERN)]
    currency: CurrencyCode
    isin: Annotated[str, Field(pattern=r"^[A-Z0-9]{12}$")] | None


class PortableCategory(Body):
    name: Name
    color_index: Color
    children: Annotated[list["PortableCategory"], Field(max_length=MOST_CATEGORIES)]


class PortableAssignment(Body):
    instrument: PortableInstrument
    path: Annotated[list[Name], Field(min_length=1, max_length=10)]
    weight_ratio: DecimalText


class PortableTaxonomy(Body):
    """A taxonomy as a file: names instead of ids, so that it can go to another portfolio."""

    format: Literal["truenav.taxonomy"]
    format_version: Literal[1]
    name: Name
    categories: Annotated[list[PortableCategory], Field(max_length=MOST_CATEGORIES)]
    assignments: Annotated[list[PortableAssignment], Field(max_length=MOST_ASSIGNED)]


class ImportedTaxonomyOut(Body):
    """The taxonomy made, and the symbols nobody here goes by: those were left out."""

    taxonomy: TaxonomyOut
    unmatched: list[str]


class FundPartIn(Body):
    instrument_id: UUID
    weight_ratio: DecimalText


class CompositionIn(Body):
    """`version` is the one seen; null where nothing was stated yet."""

    version: Version | None = None
    as_of: AskedDay
    parts: Annotated[list[FundPartIn], Field(min_length=1, max_length=MOST_LINES)]


class FundPartOut(Body):
    instrument_id: UUID
    symbol: str
    name: str
    weight_ratio: DecimalText


class CompositionOut(Body):
    """What a fund is made of, as stated; nothing stated: `version` and `as_of` are null."""

    instrument_id: UUID
    symbol: str
    name: str
    as_of: date | None
    version: int | None
    rest_ratio: DecimalText
    parts: list[FundPartOut]


class PastedPartsIn(Body):
    text: Pasted


class PastedPartsOut(Body):
    """Parts read from lines of `instrument, weight`; nothing is kept until they are sent."""

    parts: list[FundPartOut]
    faults: list[LineFaultOut]
