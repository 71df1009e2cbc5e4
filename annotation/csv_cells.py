"""Cells that a spreadsheet must not run: a text that looks like a formula gets an apostrophe.

Texts that already begin with apostrophes before such a sign get one more, so that taking one away
gives back exactly what was there; every other text stays as it is.
"""

import re

# The signs that spreadsheets start a formula with, or skip before one; full-width ones too.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_ESCAPED = re.compile("''*[=+\\-@\t\r\n＝＋－＠]")


def escape(text: str) -> str:
    """What stands in the file for a text."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescape(cell: str) -> str:
    """The text that a cell stands for."""
    return cell[1:] if _ESCAPED.match(cell) else cell
