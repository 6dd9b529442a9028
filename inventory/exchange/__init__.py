"""Spreadsheets in (dry run first) and out.

Laws:
1. Nothing is coerced silently: a cell is read exactly, or listed with its row, column, value and what was expected.
2. Nothing is half read: every line of a file is a row, or listed as left out with its kind; printed counts must agree.
3. What cannot be known (a decimal comma or a thousands comma, day or month first, an encoding) is asked, with both
   readings.
4. The full dry run decides: nothing is written while any row is bad, unless the user leaves the bad rows out.
5. What a file does not say is not changed: no item is ever retired or emptied by an import.
6. What goes out is whole, is never run as a formula, and comes in again unchanged.
"""
