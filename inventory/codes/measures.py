"""How much of an item a maker's code says, in the unit in which the item is counted. Exact, or not said at all."""

from decimal import Decimal

from inventory.codes.gs1 import Elements

_SPELLINGS = {
    "kg": {
        "1": "kg kgs kilo kilogram kilogramme كغ كيلوغرام",
        "1000": "g gr gram gramme غ غرام",
        "0.001": "t tonne طن",
    },
    "l": {"1": "l lt litre liter ل لتر", "100": "cl", "1000": "ml مل", "0.01": "hl"},
    "m": {"1": "m ml metre mètre meter م متر", "100": "cm سم", "1000": "mm"},
    "m2": {"1": "m2 m² م²"},
    "m3": {"1": "m3 m³ م³", "1000": "l litre liter لتر"},
}
"""By what to multiply a measure for a unit: of metres, ``ml`` is the linear metre of the trade."""

_FACTORS = {
    measured: {name: Decimal(factor) for factor, names in units.items() for name in names.split()}
    for measured, units in _SPELLINGS.items()
}


def pieces(code: Elements) -> int | None:
    """How many trade items lie in the carton or pallet that the code stands on (37)."""
    return int(code.value("37") or 0) or None


def amount(code: Elements, unit: str, decimals: int) -> Decimal | None:
    """The base units in it: a count of pieces (30), or a net weight, length, area or volume in the item's unit. None
    when it says neither, in another unit, or finer than the item is counted."""
    if code.value("30"):
        return Decimal(int(code.value("30"))) or None
    measure = code.measure()
    factor = _FACTORS[measure[1]].get(unit.casefold()) if measure else None
    if measure is None or factor is None:
        return None
    exact = (measure[0] * factor).normalize()
    return exact if exact and exact.as_tuple().exponent >= -decimals else None  # type: ignore[operator]
