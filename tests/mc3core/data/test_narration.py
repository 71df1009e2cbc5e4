"""What a narration is understood to say."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mc3core.data.narration import Parsed, parse_narration, writable
from mc3core.data.words import base_verb, singular

CASES: dict[str, tuple[str, str | None, str | None, tuple[str, ...]]] = {
    "#C C chops an onion with a knife": ("C chops an onion with a knife", "chop", "onion", ()),
    "#C C picks up the red cup": ("C picks up the red cup", "pick", "cup", ()),
    "# C C washes dishes": ("C washes dishes", "wash", "dish", ("odd_tag",)),
    "#c c drops a piece of wood": ("C drops a piece of wood", "drop", "wood", ("odd_tag",)),
    "#cc closes the fridge": ("C closes the fridge", "close", "fridge", ("odd_tag",)),
    "#CC turns on the tap": ("C turns on the tap", "turn", "tap", ("odd_tag",)),
    "# C cuts knives": ("C cuts knives", "cut", "knife", ("odd_tag",)),
    "#C cuts": ("C cuts", "cut", None, ("odd_tag",)),
    "#O A man X plays the drums": ("A man X plays the drums", "play", "drum", ("other_person",)),
    "#o person Y walks away": ("person Y walks away", "walk", None, ("other_person", "odd_tag")),
    "#O the lady A pours water": ("the lady A pours water", "pour", "water", ("other_person",)),
    "#C C picks #unsure from the table": ("C picks something from the table", "pick", None,
                                           ("unsure",)),
    "#C C holds # Unsure": ("C holds something", "hold", None, ("unsure",)),
    "#C C puts down the knife and fork on the table": (
        "C puts down the knife and fork on the table", "put", "knife", ()),
    "#C C slowly stirs the food in the pan": ("C slowly stirs the food in the pan", "stir",
                                               "food", ()),
    "#C C continues to stir the soup": ("C continues to stir the soup", "stir", "soup", ()),
    "#C C watches the train passing by": ("C watches the train passing by", "watch", "train", ()),
    "#C C places his left hand on the cutting board": (
        "C places his left hand on the cutting board", "place", "hand", ()),
    "#C C looks around": ("C looks around", "look", None, ()),
    "#C C the onion": ("C the onion", None, None, ("no_verb",)),
    "chop onions": ("chop onions", "chop", "onion", ()),
    "#C C": ("", None, None, ("no_verb",)),
    "": ("", None, None, ("no_verb",)),
    "<b>bold</b>": ("<b>bold</b>", None, None, ("no_verb",)),
    "تقطيع البصل": ("تقطيع البصل", None, None, ("no_verb",)),
    "🔥🔪": ("🔥🔪", None, None, ("no_verb",)),
}  # fmt: skip


PHRASES: dict[str, tuple[str, str | None]] = {
    "keeps hold of mobile phone": ("hold", "phone"),
    "keeps a firm hold of the rope": ("hold", "rope"),
    "takes hold of the handle": ("hold", "handle"),
    "lets go of the spoon": ("release", "spoon"),
    "lets the spoon go": ("release", "spoon"),
    "lets go": ("release", None),
    "lets the water out": ("let", "water"),
    "gets rid of the peels": ("remove", "peel"),
    "has a look at the phone": ("look", "phone"),
    "has picked the cup": ("pick", "cup"),
    "makes use of a spoon": ("use", "spoon"),
    "makes a hole": ("make", "hole"),
    "keeps an eye on the pot": ("watch", "pot"),
    "keeps the knife in the drawer": ("keep", "knife"),
    "keeps holding the phone": ("hold", "phone"),
    "picks the pan up": ("pick", "pan"),
    "puts down the knife": ("put", "knife"),
    "wipes the table top": ("wipe", "table"),
    "lifts a top": ("lift", "top"),
}


@pytest.mark.parametrize("text", PHRASES)
def test_a_verb_of_several_words_is_one_verb(text: str) -> None:
    parsed = parse_narration(f"#C C {text}")
    assert (parsed.verb, parsed.noun) == PHRASES[text]


@pytest.mark.parametrize("text", CASES)
def test_tags_verb_and_noun(text: str) -> None:
    assert parse_narration(text) == Parsed(*CASES[text])


def test_ten_thousand_characters_are_kept_and_understood_quickly() -> None:
    text = "#C C chops an onion " + "and cries " * 1000
    parsed = parse_narration(text)
    assert (parsed.verb, parsed.noun) == ("chop", "onion")
    assert len(parsed.text) > 9_900
    assert parse_narration("x" * 10_000).verb is None


@given(st.text(max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    parsed = parse_narration(writable(text))
    parsed.text.encode("utf-8")
    assert parsed.verb is None or parsed.verb.isprintable()
    assert (parsed.verb is None) == ("no_verb" in parsed.flags)


@given(st.text(st.characters(), max_size=50))
def test_writable_text_can_be_written_anywhere(text: str) -> None:
    assert "\0" not in writable(text)
    writable(text).encode("utf-8")


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert writable("a\ud83db\0") == "a�b�"


@pytest.mark.parametrize(
    ("word", "base"),
    [("chops", "chop"), ("washes", "wash"), ("carries", "carry"), ("passes", "pass"),
     ("slices", "slice"), ("squeezes", "squeeze"), ("moving", "move"), ("cutting", "cut"),
     ("rolling", "roll"), ("pouring", "pour"), ("stopped", "stop"), ("dried", "dry"),
     ("threw", "throw"), ("press", "press"), ("feed", "feed"), ("goes", "go")],
)  # fmt: skip
def test_verbs_come_to_their_base_form(word: str, base: str) -> None:
    assert base_verb(word) == base


@pytest.mark.parametrize(
    ("word", "base"),
    [("onions", "onion"), ("dishes", "dish"), ("knives", "knife"), ("potatoes", "potato"),
     ("scissors", "scissors"), ("glass", "glass"), ("boxes", "box"), ("man's", "man")],
)  # fmt: skip
def test_nouns_come_to_their_singular(word: str, base: str) -> None:
    assert singular(word) == base


def test_verbs_and_nouns_agree_with_a_published_data_set(shared_data: Path) -> None:
    import csv

    with (shared_data / "epic" / "EPIC_100_validation.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    parsed = [parse_narration(row["narration"]) for row in rows]
    verbs = [p.verb == row["verb"].split("-")[0] for p, row in zip(parsed, rows, strict=True)]
    nouns = [row["noun"].split(":")[0] == p.noun for p, row in zip(parsed, rows, strict=True)]
    assert sum(verbs) / len(rows) > 0.97
    assert sum(nouns) / len(rows) > 0.9
