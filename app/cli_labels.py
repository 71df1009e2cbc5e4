"""`sounding labels`: what people said about the clips."""

from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app import cli_backup
from app.cli_options import JsonOption, WorkspaceOption
from app.console import counted, result
from app.progress import reporting
from app.workspace import open_workspace

labels = typer.Typer(
    name="labels",
    help="Labels: counts, agreement; in and out; backups.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class ExportFormat(StrEnum):
    """Layouts of an exported label file."""

    csv = "csv"
    parquet = "parquet"
    hf = "hf"
    tsv = "tsv"
    label_studio = "label-studio"


class ImportFormat(StrEnum):
    """Layouts that hold who answered what."""

    csv = "csv"
    parquet = "parquet"
    hf = "hf"
    label_studio = "label-studio"


class StatusName(StrEnum):
    """Which clips are exported."""

    complete = "complete"
    open = "open"
    tie = "tie"
    adjudication = "adjudication"
    all = "all"


class VoiceName(StrEnum):
    """Whose answers are exported."""

    counted = "counted"
    all = "all"


@labels.command(epilog="Example: sounding labels stats --workspace kitchen --json")
def stats(workspace: WorkspaceOption, json: JsonOption = False) -> None:
    """How many clips have labels, how often people agree, and who they are."""
    from app.context import open_database
    from app.services.labels import label_stats

    with closing(open_database(open_workspace(workspace))) as database:
        found = label_stats(database)
    result(json, found.to_json(), found.lines)


@labels.command(
    name="export",
    epilog="Example: sounding labels export --workspace kitchen --to labels.csv --format csv",
)
def export_(
    workspace: WorkspaceOption,
    to: Annotated[
        Path,
        typer.Option(
            "--to", metavar="FILE", help="Where; a folder with --format hf.", show_default=False
        ),
    ],
    format: Annotated[
        ExportFormat,
        typer.Option(
            "--format",
            help="csv and parquet hold everything; hf: a folder for Hugging Face's datasets; tsv: "
            "EgoVLP's columns with `positive`, decided clips only.",
        ),
    ] = ExportFormat.csv,
    batch: Annotated[
        str | None, typer.Option("--batch", metavar="NAME", help="Only clips of this batch.")
    ] = None,
    status: Annotated[
        StatusName,
        typer.Option("--status", help="Only these: adjudication and tie wait for a lead."),
    ] = StatusName.all,
    verb: Annotated[
        str | None, typer.Option("--verb", metavar="V", help="Only clips with this verb.")
    ] = None,
    voices: Annotated[
        VoiceName,
        typer.Option("--voices", help="counted: leave out answers that fill no place."),
    ] = VoiceName.all,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is there; whole, or not at all.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Write every clip with its answers, verdict and adjudication to a file.

    `sounding labels import` reads csv, parquet, hf and label-studio back exactly.
    """
    from app.context import open_database
    from app.services.label_export import ExportRequest, export_labels

    request = ExportRequest(to, format.value, batch, status.value, verb, voices.value, force)
    with closing(open_database(open_workspace(workspace))) as database, reporting() as progress:
        report = export_labels(database, request, progress)

    def lines() -> list[str]:
        gone = f", {counted(report.withdrawn, 'withdrawn clip')} left out"
        return [
            f"{counted(report.clips, 'clip')} with {counted(report.answers, 'answer')} in "
            f"{report.file}{gone if report.withdrawn else ''}"
        ]

    result(json, report.to_json(), lines)


@labels.command(
    name="import",
    epilog="Example: sounding labels import answers.csv --workspace kitchen --dry-run",
)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    workspace: WorkspaceOption,
    format: Annotated[
        ImportFormat | None,
        typer.Option("--format", help="Without it: by the file's name.", show_default=False),
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option(
            "--batch",
            metavar="NAME",
            help="Where the answers go, made where it is missing; without it as the file says, or "
            "the clip's own.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check everything, store nothing.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Read answers and decisions from a file: all of it, or nothing where a row is wrong.

    Takes what `labels export` writes, a Label Studio project with the choices Yes and No, or a CSV
    with the columns clip_id,person,value (one line an answer: yes, no, unsure or broken). Answers
    that are here already are left alone, so importing twice is safe.
    """
    from app.context import open_database
    from app.services.label_import import import_labels

    with closing(open_database(open_workspace(workspace))) as database:
        report = import_labels(
            database, file, format.value if format else None, batch, dry_run=dry_run
        )

    def lines() -> list[str]:
        would = "would be stored" if report.dry_run else "stored"
        return [
            f"{counted(report.stored, 'answer')} on {counted(report.clips, 'clip')} {would}, "
            f"{report.repeated} were here already, {report.surplus} found no place",
            f"{counted(report.adjudications, 'adjudication')}, {report.people} people, in "
            f"{', '.join(report.batches) or 'no batch'}",
        ]

    result(json, report.to_json(), lines)


def add_to(commands: typer.Typer) -> None:
    cli_backup.add_to(labels)
    commands.add_typer(labels)
