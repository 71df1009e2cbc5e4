"""Labels in: everything in a file is stored, or nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy.orm import Session

from annotation.label_rows import GivenAnswer
from annotation.labels import FILLS_A_SLOT
from annotation.reading import FileRow, folded, problems_of
from app.console import counted
from app.services.label_reading import Source, read_labels
from db.engine import Database
from db.import_clips import (
    Known,
    add_decisions,
    import_batch,
    known_clips,
    known_decisions,
    known_uuids,
    known_words,
    move_clips,
    set_waiting,
)
from db.labelling import batch_by_name, record_answers
from db.people import UnusableNameError, clean_name, list_people
from db.records import Chosen, ImportedAnswer, PersonKind
from mc3core.errors import InputError

IMPORTED = "imported"
SLOTS = 3
SHOWN = 20

Problem = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file: `repeated` answers were here already, `surplus` found no place."""

    file: str
    clips: int
    stored: int
    repeated: int
    surplus: int
    adjudications: int
    people: int
    batches: tuple[str, ...]
    dry_run: bool

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class _DryRunError(Exception):
    """Ends the transaction without keeping anything."""


def import_labels(
    database: Database,
    path: Path,
    source: Source | None = None,
    batch: str | None = None,
    *,
    dry_run: bool = False,
) -> ImportReport:
    """Store the answers and decisions of a file in one transaction.

    Answers go into `batch`, or the one the file names, or the clip's own. A clip that nobody was
    given yet moves there from another batch. InputError lists every row that is wrong.
    """
    file = read_labels(path, source)
    problems = [*file.problems, *problems_of(file.rows)]
    if not file.rows and not problems:
        raise InputError(f"{path} holds no rows below its header: nothing to import.")
    report: ImportReport | None = None
    try:
        with database.write() as session:
            known = known_clips(session)
            problems += _against(session, file.rows, known, batch)
            _refuse(path, problems)
            report = _store(session, path, file.rows, known, batch, dry_run)
            if dry_run:
                raise _DryRunError
    except _DryRunError:
        pass
    assert report is not None
    return report


def _refuse(path: Path, problems: Sequence[Problem]) -> None:
    if not problems:
        return
    found = sorted(set(problems))
    lines = [f"{path}, row {row}: {text}." for row, text in found[:SHOWN]]
    more = f" The first {SHOWN}:" if len(found) > SHOWN else ""
    raise InputError(
        f"{counted(len(found), 'problem')} in {path}; nothing was imported.{more}\n"
        + "\n".join(lines)
    )


def _against(
    session: Session, rows: Sequence[FileRow], known: dict[str, Known], batch: str | None
) -> list[Problem]:
    """What contradicts the database."""
    words, decisions = known_words(session), known_decisions(session)
    kinds: dict[str, PersonKind] = {
        folded(person.name): person.kind for person in list_people(session)
    }
    uuids = known_uuids(session, [a.uuid for row in rows for a in row.answers if a.uuid])
    names = {batch} | {row.batch for row in rows} | {here.batch for here in known.values()}
    batches = {name: batch_by_name(session, name) for name in (names | {IMPORTED}) - {None} if name}
    problems: list[Problem] = []
    unusable: dict[str, str] = {}
    for row in rows:
        here = known.get(row.clip_id)
        if here is None:
            problems.append((row.number, f"there is no clip {row.clip_id} in this workspace"))
            continue
        wanted = batch or row.batch
        if here.touched and wanted not in (None, here.batch):
            problems.append(
                (
                    row.number,
                    f"clip {row.clip_id} is being labelled in the batch “{here.batch}”, not in "
                    f"“{wanted}”: import it by --batch “{here.batch}”",
                )
            )
        there = batches.get(wanted or here.batch or IMPORTED)
        if there is not None and batch is None and row.chosen not in (None, there.chosen):
            problems.append(
                (
                    row.number,
                    f"the clips of the batch “{there.name}” were chosen by {there.chosen} here, by "
                    f"{row.chosen} in the file: import it by --batch NAME",
                )
            )
        places = row.needed if there is None else there.slots_per_clip
        room = here.unfilled if here.touched else places
        new = 0
        for line, answer in zip(row.lines, row.answers, strict=True):
            key = folded(answer.person)
            problems += [(line, text) for text in _person(answer, key, kinds, unusable)]
            said = words.get((row.clip_id, key))
            if said not in (None, answer.value):
                problems.append(
                    (
                        line,
                        f"{answer.person} said “{said}” here about clip {row.clip_id}, “"
                        f"{answer.value}” in the file",
                    )
                )
            if answer.uuid in uuids and uuids[answer.uuid] != (row.clip_id, key):
                problems.append((line, f"the uuid {answer.uuid} is that of another answer here"))
            new += said is None and bool(answer.counted) and answer.value in FILLS_A_SLOT
        if room is not None and new > room:
            problems.append(
                (row.number, f"{new} answers are to be counted where {room} places are left")
            )
        problems += _decision(row, decisions.get(row.clip_id))
        if row.decision is not None and row.decision.by is not None:
            lead = GivenAnswer(row.decision.by, row.decision.label)
            said = _person(lead, folded(lead.person), kinds, unusable)
            problems += [(row.number, text) for text in said]
    return problems


def _person(
    answer: GivenAnswer, key: str, kinds: dict[str, PersonKind], unusable: dict[str, str]
) -> Iterable[str]:
    if answer.person not in unusable:
        try:
            clean_name(answer.person)
            unusable[answer.person] = ""
        except UnusableNameError as error:
            unusable[answer.person] = f"the name {answer.person!r:.80}: {error}".rstrip(".")
    if unusable[answer.person]:
        yield unusable[answer.person]
    kind = cast(PersonKind, answer.kind)
    if kinds.setdefault(key, kind) != kind:
        yield f"{answer.person} is {kind} in the file, {kinds[key]} elsewhere"


def _decision(row: FileRow, there: tuple[int, str, str] | None) -> Iterable[Problem]:
    if row.decision is None:
        return
    if there is not None and there[1] != "retracted" and there[1] != row.decision.label:
        yield (
            row.number,
            f"a lead decided “{there[1]}” here about clip {row.clip_id}, "
            f"“{row.decision.label}” in the file",
        )


def _store(
    session: Session,
    path: Path,
    rows: Sequence[FileRow],
    known: dict[str, Known],
    batch: str | None,
    dry_run: bool,
) -> ImportReport:
    by_batch: defaultdict[str, list[FileRow]] = defaultdict(list)
    for row in rows:
        name = batch or row.batch or known[row.clip_id].batch
        # A lead may have decided about a clip that is in no batch: it stays in none.
        if name is not None or row.answers:
            by_batch[name or IMPORTED].append(row)
    stored = repeated = surplus = 0
    for name, some in by_batch.items():
        slots = max((row.needed for row in some if row.needed), default=SLOTS)
        chosen = cast(Chosen, next((row.chosen for row in some if row.chosen), "random"))
        number = import_batch(session, name, slots, chosen).id
        move_clips(session, number, [r.clip_id for r in some if not known[r.clip_id].touched])
        answers = [_imported(row.clip_id, answer) for row in some for answer in row.answers]
        report = record_answers(session, number, answers)
        stored += report.stored
        repeated += report.repeated
        surplus += report.surplus
    decided = {row.clip_id: row.decision for row in rows if row.decision is not None}
    present = known_decisions(session)
    new = {
        clip_id: decision
        for clip_id, decision in decided.items()
        if clip_id not in present or present[clip_id][1] == "retracted"
    }
    add_decisions(session, new)
    set_waiting(
        session,
        {
            row.clip_id: row.waiting
            for row in rows
            if row.waiting is not None and not known[row.clip_id].touched
        },
    )
    people = {folded(answer.person) for row in rows for answer in row.answers}
    return ImportReport(
        str(path),
        len(rows),
        stored,
        repeated,
        surplus,
        len(new),
        len(people),
        tuple(by_batch),
        dry_run,
    )


def _imported(clip_id: str, answer: GivenAnswer) -> ImportedAnswer:
    return ImportedAnswer(
        person=answer.person,
        clip_id=clip_id,
        value=answer.value,
        decision_ms=answer.decision_ms,
        shown_at=answer.shown_at,
        client_uuid=answer.uuid,
        counted=answer.counted,
        answered_at=answer.answered_at,
        reasons=answer.reasons,
        plays=answer.plays,
        heard=answer.heard,
        volume=answer.volume,
        rate=answer.rate,
        gain_db=answer.gain_db,
        guideline_version=answer.guideline_version,
        studio_version=answer.studio_version,
        kind=cast(PersonKind, answer.kind),
    )
