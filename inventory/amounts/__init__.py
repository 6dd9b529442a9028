"""Amounts and numbers as papers say them: in figures, and in words in French and Arabic.

Money is an integer number of centimes, up to 10^15 either way. Words follow Moroccan administrative use. The grammar
is our own: the libraries at hand decline Arabic counted nouns wrongly, and a wrong word makes a wrong paper.
"""

from inventory.amounts import arabic, french
from inventory.amounts.figures import decimal_figures, figures

__all__ = ["arabic", "decimal_figures", "figures", "french"]
