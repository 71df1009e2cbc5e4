"""Bringing the tables to this version's form, with Alembic, on an open connection."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from db.engine import DatabaseError

_SCRIPTS = Path(__file__).parent / "migrations"


def revisions() -> set[str]:
    """The revisions this version can open."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def upgrade(connection: Connection) -> None:
    """Run what is missing. Raises DatabaseError when a newer version made the database."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    current = MigrationContext.configure(connection).get_current_heads()
    if not set(current) <= known:
        raise DatabaseError(
            f"The database is of revision {', '.join(current)}, made by a newer version: "
            "update sounding-actions, or open another workspace."
        )
    if set(current) != set(scripts.get_heads()):
        command.upgrade(config, "head")
