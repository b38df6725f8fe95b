"""Trees to begin from. Once made they are the tenant's own, and change here changes nothing there.

Industries follow the usual eleven, in our own words; regions go by continent and country.
"""

from collections.abc import Mapping
from typing import Literal

Starter = Literal["sectors", "regions"]
Tree = Mapping[str, tuple[str, ...]]

SECTORS: Tree = {
    "Energy": ("Oil and gas", "Coal and fuels", "Equipment and services"),
    "Basic materials": (
        "Chemicals",
        "Metals and mining",
        "Building materials",
        "Paper and packing",
    ),
    "Industry": ("Machines and aerospace", "Business services", "Transport"),
    "Leisure and big purchases": ("Cars", "Clothing and homes", "Travel and leisure", "Shops"),
    "Everyday goods": ("Food and drink", "Household goods", "Groceries"),
    "Health": ("Medicines", "Devices", "Care"),
    "Finance": ("Banks", "Insurance", "Markets and funds"),
    "Technology": ("Software", "Hardware", "Chips"),
    "Communication": ("Telecoms", "Media", "Platforms"),
    "Power and water": ("Electricity", "Gas and water", "Renewables"),
    "Real estate": ("Homes", "Offices and shops", "Warehouses and towers"),
}
REGIONS: Tree = {
    "North America": ("United States", "Canada", "Mexico"),
    "Europe": (
        "Austria", "Belgium", "Denmark", "Finland", "France", "Germany", "Ireland", "Italy",
        "Netherlands", "Norway", "Poland", "Portugal", "Spain", "Sweden", "Switzerland",
        "United Kingdom",
    ),
    "Asia": (
        "China", "Hong Kong", "India", "Indonesia", "Japan", "Malaysia", "Singapore",
        "South Korea", "Taiwan", "Thailand",
    ),
    "Oceania": ("Australia", "New Zealand"),
    "South America": ("Argentina", "Brazil", "Chile", "Colombia", "Peru"),
    "Middle East": ("Israel", "Qatar", "Saudi Arabia", "Turkey", "United Arab Emirates"),
    "Africa": ("Egypt", "Morocco", "Nigeria", "South Africa"),
}  # fmt: skip
STARTERS: Mapping[Starter, Tree] = {"sectors": SECTORS, "regions": REGIONS}
