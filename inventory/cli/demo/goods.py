"""The goods of the demonstration: what a municipal store really keeps, read from ``items.csv`` beside this file.

Flags: L lot, X expiry, F cold chain, H hazardous, R loaned and returned, N numbered per unit, V numbered range,
K key-controlled. The barcodes begin with 29: numbers for use inside one house, no real product bears them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from inventory import catalogue
from inventory.catalogue import NewItem, NewPackaging

LIST = Path(__file__).with_name("items.csv")

# code, French, Arabic, English
CATEGORIES = (
    ("FOB", "Fournitures de bureau", "لوازم المكتب", "Office supplies"),
    ("INF", "Consommables informatiques", "مستهلكات معلوماتية", "Computer supplies"),
    ("VAL", "Imprimés et valeurs", "مطبوعات وقيم", "Forms and numbered values"),
    ("ENT", "Entretien et hygiène", "مواد النظافة والصيانة", "Cleaning and hygiene"),
    ("ELE", "Électricité et éclairage public", "الكهرباء والإنارة العمومية", "Electricity and street lighting"),
    ("PLO", "Plomberie", "الترصيص", "Plumbing"),
    ("PEI", "Peinture, signalisation, matériaux", "الصباغة والتشوير ومواد البناء", "Paint, signs, materials"),
    ("AUT", "Parc auto", "حظيرة السيارات", "Vehicle fleet"),
    ("EPI", "Habillement et protection", "الألبسة ومعدات الوقاية", "Clothing and protection"),
    ("BMH", "Hygiène, désinfection, dératisation", "حفظ الصحة والتطهير ومحاربة الفئران", "Hygiene and pest control"),
    ("MED", "Médicaments maladies chroniques", "أدوية الأمراض المزمنة", "Medicine for chronic diseases"),
    ("FET", "Matériel de fête", "معدات الحفلات", "Event equipment"),
    ("DEN", "Denrées", "مواد غذائية", "Food"),
)

# code (as French papers write it), Arabic, English, decimals
UNITS = (
    ("unité", "وحدة", "piece", 0),
    ("rame", "رزمة", "ream", 0),
    ("boîte", "علبة", "box", 0),
    ("paquet", "رزمة", "pack", 0),
    ("rouleau", "لفة", "roll", 0),
    ("flacon", "قنينة", "bottle", 0),
    ("bloc", "كتلة", "pad", 0),
    ("carnet", "كناش", "book", 0),
    ("cartouche", "خرطوشة", "cartridge", 0),
    ("bidon", "برميل", "can", 0),
    ("seau", "سطل", "bucket", 0),
    ("sac", "كيس", "bag", 0),
    ("barre", "قضيب", "bar", 0),
    ("paire", "زوج", "pair", 0),
    ("jeu", "طقم", "set", 0),
    ("dose", "جرعة", "dose", 0),
    ("m", "متر", "metre", 1),
    ("m²", "متر مربع", "square metre", 1),
    ("m³", "متر مكعب", "cubic metre", 2),
    ("litre", "لتر", "litre", 1),
    ("kg", "كيلوغرام", "kilogram", 3),
)
PACKED = (
    ("carton", "كرتون", "carton"),
    ("pile", "كدسة", "stack"),
    ("botte", "حزمة", "bundle"),
    ("touret", "بكرة", "reel"),
    ("sachet", "كيس صغير", "sachet"),
    ("fût", "برميل كبير", "drum"),
    ("palette", "منصة نقالة", "pallet"),
    ("balle", "بالة", "bale"),
)
"""What goods are packed in, besides the units themselves."""


@dataclass(frozen=True, slots=True)
class Good:
    """A line of the list; ``monthly_use`` in base units of one district, ``unit_cost`` in MAD per base unit."""

    code: str
    family: str
    supplier: str
    tracking: str
    has_expiry: bool
    decimals: int
    monthly_use: Decimal
    unit_cost: Decimal
    packaging: str | None
    contains: Decimal


def stock_catalogue() -> dict[str, Good]:
    """Adds categories, units and items to the catalogue; returns the goods by code."""
    for code, fr, ar, en in CATEGORIES:
        catalogue.add_category(code, name_fr=fr, name_ar=ar, name_en=en)
    decimals: dict[str, int] = {}
    for code, ar, en, places in UNITS:
        decimals[code] = places
        catalogue.add_unit(code, name_fr=code, name_ar=ar, name_en=en)
    for code, ar, en in PACKED:
        catalogue.add_unit(code, name_fr=code, name_ar=ar, name_en=en)
    with LIST.open(encoding="utf-8", newline="") as rows:
        return {row["code"]: _added(row, decimals[row["unit"]]) for row in csv.DictReader(rows)}


def _added(row: dict[str, str], decimals: int) -> Good:
    tracking, has_expiry = _tracking(row["flags"], row["unit"])
    packagings: tuple[NewPackaging, ...] = ()
    if row["packaging"]:
        barcode = row["packaging_barcode"] or None
        packagings = (NewPackaging(row["packaging"], Decimal(row["contains"]), barcode),)
    new = NewItem(
        row["code"], row["unit"], row["name_fr"], row["name_ar"], row["name_en"], row["category"],
        decimals=decimals, tracking=tracking, has_expiry=has_expiry, storage_class=_storage(row["flags"]),
        barcodes=(row["barcode"],) if row["barcode"] else (), packagings=packagings,
    )  # fmt: skip
    catalogue.add_item(new)
    return Good(
        new.code, row["category"], row["supplier"], tracking, has_expiry, decimals, Decimal(row["monthly_use"]),
        Decimal(row["unit_cost"]), row["packaging"] or None, Decimal(row["contains"] or 1),
    )  # fmt: skip


def _tracking(flags: str, unit: str) -> tuple[str, bool]:
    """What expires is kept by lot. Fuel is kept in litres: its vouchers are what bears numbers."""
    if "N" in flags:
        return "unit", False
    if "V" in flags and unit == "carnet":
        return "range", False
    return ("lot" if "L" in flags or "X" in flags else "none"), "X" in flags


def _storage(flags: str) -> str:
    for flag, storage in (("F", "cold"), ("H", "hazardous"), ("K", "locked")):
        if flag in flags:
            return storage
    return "ordinary"
