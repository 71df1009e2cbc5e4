"""What the world's people write is understood: each phrase to its own verb, each name to a noun."""

import pytest

from mc3core.data.narration import parse_narration
from mc3core.data.words import base_verb, singular
from mc3core.world.narrations import (
    HANDS,
    NOUN_PHRASES,
    TOOLS,
    TOOLS_BY_GROUP,
    VAGUE,
    VERB_PHRASES,
)
from mc3core.world.vocabulary import GROUPS, VERBS

HEADS = {"egg mixture": "mixture", "table top": "table", "piece of wood": "wood"} | {
    "page of the book": "page"
}


def test_every_verb_is_said_somehow() -> None:
    assert VERB_PHRASES.keys() == VERBS.keys()


@pytest.mark.parametrize("verb", VERBS)
def test_every_form_of_a_group_gives_the_verb_and_the_noun_that_were_said(verb: str) -> None:
    for _, noun in (group for group in GROUPS if group[0] == verb):
        tool = TOOLS_BY_GROUP.get((verb, noun), TOOLS.get(verb, HANDS[0]))
        for phrase in VERB_PHRASES[verb]:
            for said in NOUN_PHRASES.get(noun, (noun,)):
                head = HEADS.get(said, singular(said.split()[-1]))
                for article in ("the ", "a ", "his ", ""):
                    for tail in ("", f" {tool}"):
                        text = f"#C C {phrase} {article}{said}{tail}"
                        parsed = parse_narration(text)
                        expected = (base_verb(phrase.split()[0]), head)
                        assert (parsed.verb, parsed.noun) == expected, text


def test_no_two_verbs_share_a_form() -> None:
    said = [parse_narration(f"#C C {p} it").verb for forms in VERB_PHRASES.values() for p in forms]
    distinct = {(v, parse_narration(f"#C C {p} it").verb) for v in VERBS for p in VERB_PHRASES[v]}
    assert len({form for _, form in distinct}) == len(distinct)
    assert None not in said


@pytest.mark.parametrize("text", VAGUE)
def test_a_vague_one_has_a_verb_too(text: str) -> None:
    assert parse_narration(text.format(hand="his hand")).flags == ()
