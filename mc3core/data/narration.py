"""What a narration says: who acts, the verb, the noun, and the text without its tags.

Ego4D's narrators write "#C C chops an onion" for the camera wearer and "#O man X opens a door" for
others, with "#unsure" for what they could not name; spellings vary ("# C C", "#c c", "#CC", "#C").
Verb and noun come from a light rule that needs no language model: narrations are short, in the
present tense, subject first. After the subject and adverbs, the first word is the verb
(`mc3core.data.words` brings it to its base form); the noun is the head (last word) of the first
noun phrase after it, past particles and prepositions; "a piece of wood" is wood. Where the rule
finds no verb it says so. Groups of verbs and nouns are made from these later, by a taxonomy.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mc3core.data.words import base_verb, singular, whole_verb, word_set

FLAG_OTHER, FLAG_UNSURE, FLAG_ODD, FLAG_NO_VERB = "other_person", "unsure", "odd_tag", "no_verb"
MAX_WORDS = 40
MAX_WORD_LENGTH = 30

_TAG = re.compile(r"^\s*#\s*(?:(?P<wearer>c\s*c?)|(?P<other>o))(?=[\s.,:;]|$)", re.IGNORECASE)
_UNSURE = re.compile(r"#\s*unsure\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*|\d+|[^\sa-z\d]", re.IGNORECASE)
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_DETERMINERS = word_set(
    """
    a an the this that these those his her their its my your our some any both each another other
    one two three four five six few several more all
    """
)
_SUBJECTS = word_set(
    """
    c he she they i we you man woman lady boy girl person people child kid guy camera wearer
    x y z w
    """
)
_BEFORE_VERB = word_set("is are was were has have had been being be then still also just now again")
_HAS = word_set("has have had")
_PHASES = word_set("continue start begin keep resume try")  # "continues to stir" is stir
_PARTICLES = word_set(
    """
    up down off out on in over away back around apart together aside along through across
    """
)
_PREPOSITIONS = word_set(
    """
    at to from with into onto in on of for by under over inside near beside behind against towards
    toward through across along around between before after above below upon off out within
    """
)
_STOPS = _PREPOSITIONS | word_set(
    """
    and or but while as which who where when that using then so because up down away back again
    together apart aside
    """
)
_SURFACES = word_set("table counter stove desk bench work")  # "table top" is table
_PRONOUNS = word_set("it them him her himself herself itself something someone everything")
_PARTS = word_set("piece slice bit bunch pair part handful pinch lot set kind strip")
_NO_ADVERBS = word_set("apply supply reply rely fly multiply assembly jelly belly lily ply trolley")
_ING_NOUNS = word_set(
    """
    string ring earring building clothing ceiling spring icing painting stuffing seasoning wing
    dressing railing casing tubing wiring paneling flooring lighting king pudding washing
    """
)


@dataclass(frozen=True, slots=True)
class Narration:
    """One row of a narration file, also where it cannot become a clip: then `problem` says why
    ("bad row 7: ..."), so that every row can be accounted for. `time_s` is None where the row
    states no usable time."""

    video_uid: str
    annotation_uid: str
    narration_pass: str
    time_s: float | None
    text: str
    flags: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """`text` as people read it ("C chops an onion"); `verb` and `noun` in base form, or None;
    `flags` of `other_person`, `unsure`, `odd_tag`, `no_verb`. An empty `text` says nothing."""

    text: str
    verb: str | None
    noun: str | None
    flags: tuple[str, ...]


def writable(text: str) -> str:
    """Text that every file and database takes: no NUL or other control characters, no half of a
    surrogate pair (U+FFFD stands for each), outer space removed."""
    return _UNWRITABLE.sub("�", text).strip()


def parse_narration(text: str) -> Parsed:
    """Understand one narration; never fails, whatever it holds."""
    flags: list[str] = []
    tag = _TAG.match(text)
    rest = text[tag.end() :] if tag else text
    if tag and tag["other"]:
        flags.append(FLAG_OTHER)
    odd = tag is not None and tag[0].strip() not in {"#C C", "#O"}
    if _UNSURE.search(rest):
        flags.append(FLAG_UNSURE)
        rest = _UNSURE.sub("something", rest)
    if odd or "#" in rest:
        flags.append(FLAG_ODD)
    rest = " ".join(rest.replace("#", " ").split())
    words = [word.lower() for word in _WORD.findall(rest[: MAX_WORDS * MAX_WORD_LENGTH])][
        :MAX_WORDS
    ]
    verb_at = _verb_at(words)
    verb, noun = None, None
    if verb_at is None:
        flags.append(FLAG_NO_VERB)
    else:
        verb, after = whole_verb(base_verb(words[verb_at]), words[verb_at + 1 :])
        noun = _noun(after)
    by_wearer = bool(rest) and tag is not None and tag["wearer"]
    return Parsed(f"C {rest}" if by_wearer else rest, verb, noun, tuple(flags))


def _verb_at(words: Sequence[str]) -> int | None:
    """Where the verb stands: after the subject ("A man X", "C", "the lady A") and adverbs."""
    at, determined, named = 0, False, False
    while at < len(words):
        word = words[at]
        if word in _SUBJECTS or (named and len(word) == 1):
            determined, named = False, True
        elif word in {"a", "the", "another", "other"}:
            determined = True
        elif not (word in _BEFORE_VERB or _is_adverb(word)):
            break
        elif word in _HAS and words[at + 1 : at + 2] and words[at + 1] in _DETERMINERS:
            break  # "has a look", not "has picked"
        at += 1
    if at == len(words) or determined or not _is_word(words[at]):
        return None
    if base_verb(words[at]) in _PHASES:
        after = at + (2 if words[at + 1 : at + 2] == ["to"] else 1)
        if after < len(words) and (after > at + 1 or words[after].endswith("ing")):
            at = after
    return None if words[at] in _STOPS | _DETERMINERS | _PRONOUNS else at


def _noun(words: Sequence[str]) -> str | None:
    """The head of the first noun phrase, or None where a pronoun or nothing comes first."""
    phrase: list[str] = []
    for word in words:
        if word in _PRONOUNS or (phrase and (word in _DETERMINERS or not _is_word(word))):
            break
        if word == "of" and phrase and singular(phrase[-1]) in _PARTS:
            phrase.clear()
        elif word in _STOPS or _is_adverb(word):
            if phrase or not (word in _PARTICLES | _PREPOSITIONS or _is_adverb(word)):
                break
        elif word not in _DETERMINERS and _is_word(word):
            phrase.append(word)
    if len(phrase) > 1 and phrase[-1].endswith("ing") and phrase[-1] not in _ING_NOUNS:
        phrase.pop()  # "the train passing by"
    if len(phrase) > 1 and phrase[-1] in {"top", "surface"} and phrase[-2] in _SURFACES:
        phrase.pop()
    return singular(phrase[-1]) if phrase else None


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") and len(word) > 3 and word not in _NO_ADVERBS


def _is_word(word: str) -> bool:
    return word[0].isascii() and word[0].isalpha() and 1 < len(word) <= MAX_WORD_LENGTH
