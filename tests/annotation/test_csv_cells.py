"""No cell of a CSV runs as a formula, and every text comes back as it was."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotation.csv_cells import escape, unescape

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")


@pytest.mark.parametrize("sign", DANGEROUS)
def test_a_formula_gets_an_apostrophe(sign: str) -> None:
    assert escape(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["", "'", "it's", "'quoted' words", "#C C chops =", "a\tb", "''x"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert escape(text) == text
    assert unescape(text) == text


@given(st.text())
@example("'=1+1")
@example("''=1+1")
@example("'''")
def test_every_text_comes_back(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(DANGEROUS)


@given(st.text(alphabet="'=+-@\t\r\n a", max_size=6))
def test_so_do_the_texts_made_of_signs_that_matter(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(DANGEROUS)


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",))), min_size=2, max_size=4))
def test_csv_carries_them(texts: list[str]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerow([escape(text) for text in texts])
    (found,) = csv.reader(io.StringIO(file.getvalue(), newline=""), strict=True)
    assert [unescape(cell) for cell in found] == texts
