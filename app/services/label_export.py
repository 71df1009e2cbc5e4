"""Labels out: which clips, in which format, whole or not at all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from annotation.label_rows import LabelRow, Status, Voices, status_of
from app.services.atomic_files import replacing
from app.services.label_parquet import FOLDER, write_folder, write_parquet
from app.services.label_writers import write_csv, write_label_studio, write_tsv
from db.engine import Database
from db.exporting import count_labelled, count_withdrawn, label_rows
from db.labelling import batch_by_name, list_batches
from mc3core.errors import InputError
from mc3core.progress import Progress, ProgressCallback, silent

Format = Literal["csv", "parquet", "hf", "tsv", "label-studio"]
Wanted = Status | Literal["all"]

_WRITERS: dict[Format, Callable[[Path, Iterable[LabelRow]], int]] = {
    "csv": write_csv,
    "parquet": write_parquet,
    "hf": write_folder,
    "tsv": write_tsv,
    "label-studio": write_label_studio,
}
_EVERY = 500


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to write where; None means all."""

    to: Path
    format: Format = "csv"
    batch: str | None = None
    status: Wanted = "all"
    verb: str | None = None
    voices: Voices = "all"
    force: bool = False


@dataclass(frozen=True, slots=True)
class ExportReport:
    """`clips` written; `withdrawn` ones are left out, whatever was asked for."""

    file: str
    format: str
    clips: int
    answers: int
    withdrawn: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def export_labels(
    database: Database, request: ExportRequest, progress: ProgressCallback = silent
) -> ExportReport:
    """Write a label file from one consistent view of the database.

    InputError for an unknown batch, or a place that is taken.
    """
    answers = 0

    def counting(rows: Iterable[LabelRow]) -> Iterator[LabelRow]:
        nonlocal answers
        for row in rows:
            shown = replace(row, voices=request.voices)
            answers += len(shown.shown)
            yield shown

    with database.read() as session:
        batch_id = None
        if request.batch is not None:
            batch = batch_by_name(session, request.batch)
            if batch is None:
                names = ", ".join(found.batch.name for found in list_batches(session)) or "none"
                raise InputError(f"There is no batch “{request.batch}”. Batches here: {names}.")
            batch_id = batch.id
        found = label_rows(session, batch_id=batch_id, verb=request.verb)
        seen = _reported(found, count_labelled(session, batch_id), progress)
        rows = (r for r in seen if request.status in ("all", status_of(r, r.verdict)))
        parts = FOLDER if request.format == "hf" else frozenset[str]()
        with replacing(request.to, force=request.force, folder_of=parts) as path:
            clips = _WRITERS[request.format](path, counting(rows))
        withdrawn = count_withdrawn(session)
    return ExportReport(str(request.to), request.format, clips, answers, withdrawn)


def _reported(
    rows: Iterable[LabelRow], total: int, progress: ProgressCallback
) -> Iterator[LabelRow]:
    done = 0
    for done, row in enumerate(rows, 1):
        if done % _EVERY == 0:
            progress(Progress("export", min(done, total), total))
        yield row
    progress(Progress("export", done, max(done, 1)))
