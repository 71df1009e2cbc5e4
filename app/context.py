"""What every route, page and service of one studio shares."""

import os
from dataclasses import dataclass, field
from functools import cached_property

from app.services.desk import Desk
from app.services.jobs import JobRunner
from app.services.progress import ProgressBook
from app.services.verdicts import VerdictBook
from app.settings import Settings
from app.workspace import Workspace
from db.engine import Database
from mc3core.errors import InputError

POSTGRESQL = ("postgresql://", "postgres://", "postgresql+psycopg://")


@dataclass(frozen=True)
class AppContext:
    """One workspace, its labels, and how it is served."""

    workspace: Workspace
    database: Database
    settings: Settings = field(default_factory=Settings)

    @cached_property
    def jobs(self) -> JobRunner:
        """The background jobs of this studio."""
        return JobRunner(self.workspace, self.database)

    @cached_property
    def progress(self) -> ProgressBook:
        """How far each person is."""
        return ProgressBook()

    @cached_property
    def verdicts(self) -> VerdictBook:
        """What people have said so far."""
        return VerdictBook(self.database)

    @cached_property
    def desk(self) -> Desk:
        """What the lead sees."""
        return Desk(self.database, self.verdicts)


def open_database(workspace: Workspace) -> Database:
    """The labels of a workspace: its SQLite file, or PostgreSQL where DATABASE_URL names one.

    InputError for a DATABASE_URL of anything else, db.engine.DatabaseError where it cannot be used.
    """
    url = os.environ.get("DATABASE_URL", "")
    if url and not url.startswith(POSTGRESQL):
        raise InputError(
            "DATABASE_URL is set, but to no PostgreSQL database: it must begin with postgresql://. "
            "Unset it to keep the labels in the workspace."
        )
    return Database.open(url or workspace.database)
