"""Rows of label files, drawn by hypothesis: any text, any numbers, whatever the database holds."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from annotation.label_rows import Decision, GivenAnswer, LabelRow
from annotation.labels import FILLS_A_SLOT, REASONS, VALUES

# What the database takes: no NUL, no half of a surrogate pair.
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
NAMES = TEXTS.filter(lambda text: bool(text.strip()))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
COUNTS = st.integers(0, 2**31 - 1)
MOMENTS = st.datetimes(
    min_value=datetime(1990, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)
)


@st.composite
def answers(draw: st.DrawFn) -> GivenAnswer:
    """Any answer that was exported."""
    value = draw(st.sampled_from(VALUES))
    return GivenAnswer(
        person=draw(NAMES),
        value=value,
        kind=draw(st.sampled_from(("human", "simulated"))),
        counted=value in FILLS_A_SLOT and draw(st.booleans()),
        answered_at=draw(MOMENTS),
        reasons=tuple(draw(st.lists(st.sampled_from(REASONS), unique=True))),
        decision_ms=draw(st.none() | COUNTS),
        shown_at=draw(st.none() | MOMENTS),
        plays=draw(COUNTS),
        heard=draw(st.booleans()),
        volume=draw(st.none() | NUMBERS),
        rate=draw(st.none() | NUMBERS),
        gain_db=draw(st.none() | NUMBERS),
        guideline_version=draw(st.none() | COUNTS),
        studio_version=draw(TEXTS),
        uuid=str(draw(st.uuids())),
    )


@st.composite
def rows(draw: st.DrawFn) -> LabelRow:
    """Any row whose answers fit into its places, of people with different names."""
    said = draw(st.lists(answers(), max_size=4, unique_by=lambda a: a.person.casefold()))
    counted = sum(bool(answer.counted) for answer in said)
    needed = draw(st.integers(max(counted, 1), 9))
    decisions = st.builds(
        Decision,
        label=st.sampled_from(("yes", "no", "unusable")),
        reason=TEXTS,
        by=st.none() | NAMES,
        at=MOMENTS,
    )
    return LabelRow(
        clip_id=draw(st.text("0123456789abcdef", min_size=16, max_size=16)),
        video_uid=draw(NAMES),
        annotation_uid=draw(NAMES),
        source=draw(NAMES),
        narration=draw(NAMES),
        verb=draw(st.none() | NAMES),
        noun=draw(st.none() | NAMES),
        time_s=draw(NUMBERS),
        start_s=draw(NUMBERS),
        end_s=draw(NUMBERS),
        video_s=draw(st.none() | NUMBERS),
        split=draw(st.sampled_from(("train", "val", "test"))),
        batch=draw(NAMES),
        chosen=draw(st.sampled_from(("random", "stratum", "selection"))),
        needed=needed,
        waiting=draw(st.integers(0, needed - counted)),
        answers=tuple(said),
        decision=draw(st.none() | decisions),
    )
