"""The labelling protocol of one clip as a pure state machine: who holds which of its K places.

* Only "yes" and "no" fill a place. "Can't tell" and "broken" give it back for another person, and
  the second such word closes the clip: no further place is offered, a lead adjudicates.
* A place whose holder stays away is given back; the late answer takes a place that is still
  offered, else it is kept as surplus: shown, not counted.
* With `early_stop` the places beyond a majority of K are offered only while the votes disagree.
* `ended`: decided by a lead, or withdrawn: nothing is offered, whatever is open.

A person has one assignment a clip, and here stands for that assignment. `db.clip_state` stores
what these functions say; constraints in the tables hold the invariants once more.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from annotation.labels import FILLS_A_SLOT, Value

CLOSES_AT = 2  # words that decide nothing


@dataclass(frozen=True, slots=True)
class Place:
    """One of the K places of a clip. `shut`: empty, and not offered."""

    holder: int | None = None
    filled: bool = False
    shut: bool = False


@dataclass(frozen=True, slots=True)
class ClipState:
    """Places of a clip, and everybody's present word by assignment (undone words are gone)."""

    places: tuple[Place, ...]
    words: Mapping[int, Value] = field(default_factory=dict[int, Value])
    early_stop: bool = False
    ended: bool = False

    @property
    def closed(self) -> bool:
        """Too many could not tell: a lead decides."""
        return sum(value not in FILLS_A_SLOT for value in self.words.values()) >= CLOSES_AT

    @property
    def votes(self) -> dict[int, Value]:
        """The counted words by assignment."""
        return {p.holder: self.words[p.holder] for p in self.places if p.filled and p.holder}

    @property
    def offered(self) -> int:
        """How many people could be given this clip now."""
        return sum(place.holder is None and not place.shut for place in self.places)

    @property
    def complete(self) -> bool:
        """Closed by vote: every place that is asked for is filled."""
        filled = sum(place.filled for place in self.places)
        return filled == len(self.places) or 0 < _wanted(self) <= filled

    def holds(self, assignment: int) -> bool:
        return any(place.holder == assignment for place in self.places)


def new_clip(slots: int, *, early_stop: bool = False) -> ClipState:
    """A clip that nobody has seen."""
    return settle(ClipState((Place(),) * slots, early_stop=early_stop))


def take(state: ClipState, assignment: int) -> ClipState | None:
    """Give the clip to a person; None where nothing is offered or they hold it."""
    if state.holds(assignment):
        return None
    return _put(state, assignment, filled=False)


def say(state: ClipState, assignment: int, value: Value) -> ClipState:
    """A person's word, their first, a later one or a late one: the last word counts."""
    words = {**state.words, assignment: value}
    if value not in FILLS_A_SLOT:
        return settle(replace(_without(state, assignment), words=words))
    if state.holds(assignment):
        return settle(replace(_with(state, assignment, filled=True), words=words))
    # Their old "can't tell" goes first: without it the clip may be open again.
    before = settle(replace(state, words=_but(state, assignment)))
    counted = _put(before, assignment, filled=True) or before
    return settle(replace(counted, words=words))


def unsay(state: ClipState, assignment: int) -> ClipState:
    """Undo by the person: the place stays theirs, or they take one that is offered."""
    before = replace(state, words=_but(state, assignment))
    if state.holds(assignment):
        return settle(_with(before, assignment, filled=False))
    before = settle(before)
    return _put(before, assignment, filled=False) or before


def leave(state: ClipState, assignment: int) -> ClipState:
    """The lease ran out before an answer came."""
    return state if assignment in state.words else settle(_without(state, assignment))


def annul(state: ClipState, assignment: int) -> ClipState:
    """A lead declares the word void: it goes, and its place is open again."""
    return settle(replace(_without(state, assignment), words=_but(state, assignment)))


def revive(
    state: ClipState,
    assignment: int,
    value: Value,
    *,
    counted: bool,
    before: Collection[int] = (),
) -> ClipState:
    """Undo `annul`: the word counts again if it did, and whoever took its place since gives way,
    the newest first; those counted `before` the word was annulled come last."""
    state = replace(_without(state, assignment), words={**state.words, assignment: value})
    if not counted or value not in FILLS_A_SLOT:
        return settle(state)
    places = list(state.places)
    gives_way = min(
        range(len(places)),
        key=lambda n: (
            places[n].holder is not None,
            places[n].holder in before,
            places[n].filled,
            -(places[n].holder or 0),
        ),
    )
    places[gives_way] = Place(assignment, filled=True)
    return settle(replace(state, places=tuple(places)))


def end(state: ClipState, ended: bool = True) -> ClipState:
    """A lead has decided, or has taken the decision back."""
    return settle(replace(state, ended=ended))


def settle(state: ClipState) -> ClipState:
    """Shut the empty places that are not asked for, and open those that are."""
    taken = sum(place.holder is not None for place in state.places)
    left = max(_wanted(state) - taken, 0)
    places: list[Place] = []
    for place in state.places:
        if place.holder is None:
            place = Place(shut=left == 0)
            left = max(left - 1, 0)
        places.append(place)
    return replace(state, places=tuple(places))


def _wanted(state: ClipState) -> int:
    """How many votes are asked for, given those that are there."""
    if state.ended or state.closed:
        return 0
    slots = len(state.places)
    agree = len(set(state.votes.values())) <= 1
    return slots // 2 + 1 if state.early_stop and agree else slots


def _put(state: ClipState, assignment: int, *, filled: bool) -> ClipState | None:
    """Into the first place that is offered; the state is settled by who fills it."""
    for n, place in enumerate(state.places):
        if place.holder is None and not place.shut:
            places = (*state.places[:n], Place(assignment, filled), *state.places[n + 1 :])
            return replace(state, places=places)
    return None


def _with(state: ClipState, assignment: int, *, filled: bool) -> ClipState:
    places = (replace(p, filled=filled) if p.holder == assignment else p for p in state.places)
    return replace(state, places=tuple(places))


def _without(state: ClipState, assignment: int) -> ClipState:
    places = (Place() if p.holder == assignment else p for p in state.places)
    return replace(state, places=tuple(places))


def _but(state: ClipState, assignment: int) -> dict[int, Value]:
    return {other: word for other, word in state.words.items() if other != assignment}
