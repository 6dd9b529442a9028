"""Items, categories, units, packagings, lots, barcodes: what can lie in a store.

Laws:
1. A code is given once and never changes; an item is retired and perhaps replaced, never deleted; its codes keep
   resolving.
2. A quantity of an item is never finer than the item's decimals; a packaging is an exact fraction of the base unit.
3. A barcode names one item, or one of its packagings. One whose check digit is wrong is kept and flagged.
4. There is one canonical "no lot" row; a unit is a lot whose inventory number is unique in the commune. What arrives
   in a warehouse for practice arrives in lots of practice: the same numbers stay free for the real ones.
5. Search compares folded spelling, so that hamza, accents and case never hide an item.
"""

from inventory.catalogue.barcodes import (
    Barcode,
    NewPackaging,
    Packaging,
    add_packaging,
    attach_barcode,
    barcode_key,
    is_flawed,
    packagings_of,
    words_of,
)
from inventory.catalogue.families import Category, Unit, add_category, add_unit, rename, unit_names
from inventory.catalogue.items import (
    NATURE,
    STORAGE_CLASSES,
    TRACKINGS,
    Item,
    NewItem,
    add_item,
    alike,
    change_item,
    faults_of,
    get_item,
    refresh_search,
    replacement_of,
    retire,
    search_condition,
    search_text_of,
)
from inventory.catalogue.lots import (
    NO_LOT,
    ArrivingLot,
    Lot,
    WantedLot,
    arriving,
    ensure_lots,
    inventoried,
    lots_numbered,
    spelled,
)
from inventory.catalogue.photos import Photo, set_photo
from inventory.catalogue.spelling import code_and_names, code_key, folded, matching, page_matching, western
from inventory.catalogue.trail import note_added, noted

__all__ = [
    "NATURE",
    "NO_LOT",
    "STORAGE_CLASSES",
    "TRACKINGS",
    "ArrivingLot",
    "Barcode",
    "Category",
    "Item",
    "Lot",
    "NewItem",
    "NewPackaging",
    "Packaging",
    "Photo",
    "Unit",
    "WantedLot",
    "add_category",
    "add_item",
    "add_packaging",
    "add_unit",
    "alike",
    "arriving",
    "attach_barcode",
    "barcode_key",
    "change_item",
    "code_and_names",
    "code_key",
    "ensure_lots",
    "faults_of",
    "folded",
    "get_item",
    "inventoried",
    "is_flawed",
    "lots_numbered",
    "matching",
    "note_added",
    "noted",
    "packagings_of",
    "page_matching",
    "refresh_search",
    "rename",
    "replacement_of",
    "retire",
    "search_condition",
    "search_text_of",
    "set_photo",
    "spelled",
    "unit_names",
    "western",
    "words_of",
]
