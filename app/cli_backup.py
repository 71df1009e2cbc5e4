"""`sounding labels backup`, `restore` and `check`: labels that outlive a machine."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from app.cli_options import JsonOption, WorkspaceOption
from app.console import EXIT_FAILED, counted, result, warn
from app.workspace import open_workspace


def backup(
    workspace: WorkspaceOption,
    to: Annotated[
        Path, typer.Option("--to", metavar="FILE", help="The backup.", show_default=False)
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    json: JsonOption = False,
) -> None:
    """Copy all labels, people and batches into one file, while the studio goes on.

    The copy is read from end to end before it gets its name. Media and runs are not in it. The file
    restores into SQLite and PostgreSQL, whichever it came from.
    """
    from app.context import open_database
    from app.services.backups import backup_labels

    with closing(open_database(open_workspace(workspace))) as database:
        report = backup_labels(database, to, force=force)
    result(json, report.to_json(), lambda: [f"{report.file}: {report.bytes / 1e6:.1f} MB"])


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    workspace: WorkspaceOption,
    json: JsonOption = False,
) -> None:
    """Put a backup in the place of the workspace's labels; stop the studio first.

    What it replaces is kept in the workspace, as sounding.db.before-restore-<time>.
    """
    from app.services.backups import restore_labels

    report = restore_labels(open_workspace(workspace), file)
    kept = f"; what was there is now {report.kept}" if report.kept else ""
    result(json, report.to_json(), lambda: [f"{report.file} restored{kept}"])


def check(workspace: WorkspaceOption, json: JsonOption = False) -> None:
    """Check the labels: the file itself, and every promise about answers, places and decisions.

    Ends with 1 where one does not hold, and names it.
    """
    from app.context import open_database
    from app.services.backups import check_labels

    with closing(open_database(open_workspace(workspace))) as database:
        report = check_labels(database)
    result(json, report.to_json(), lambda: [f"{len(report.promises)} promises looked at"])
    for finding in report.findings:
        warn(f"Broken: {finding.promise} ({counted(finding.count, 'place')})")
        for where in finding.where:
            warn(f"  {where}")
    if report.findings:
        warn("Restore a backup by sounding labels restore, or have these rows looked at.")
        raise typer.Exit(EXIT_FAILED)


def add_to(labels: typer.Typer) -> None:
    labels.command(epilog="Example: sounding labels backup --workspace kitchen --to labels.db")(
        backup
    )
    labels.command(epilog="Example: sounding labels restore labels.db --workspace kitchen")(restore)
    labels.command(epilog="Example: sounding labels check --workspace kitchen")(check)
