"""Codes: text in, parts out. Knows no table.

1. Our own codes are random and permanent; nothing about the thing can be read from them but its kind.
2. A code that reads as ours has been read right: one wrong character, or two neighbours swapped, never pass.
3. A code printed once is recognised for ever, whatever the host it was printed for and however it was typed.
"""

from inventory.codes import gs1
from inventory.codes.gtin import Gtin, NotGtin, gtin
from inventory.codes.own import FIRST_VERSION, Code, Damaged, Kind, address, grouped, mint, read
from inventory.codes.qr import side, svg

__all__ = [
    "FIRST_VERSION", "Code", "Damaged", "Gtin", "Kind", "NotGtin", "address", "grouped", "gs1", "gtin", "mint", "read",
    "side", "svg",
]  # fmt: skip
