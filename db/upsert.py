"""Insert or replace by primary key, thousands of rows at a time, on both engines."""

from collections.abc import Sequence

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.base import Base


def upsert(
    session: Session,
    table: type[Base],
    rows: Sequence[dict[str, object]],
    *,
    replace: bool = True,
) -> None:
    """Write rows (equal keys in every row); an existing primary key is replaced, or left alone."""
    if not rows:
        return
    keys = [column.name for column in inspect(table).primary_key]
    others = [name for name in rows[0] if name not in keys]
    if session.get_bind().dialect.name == "postgresql":
        into = postgresql.insert(table)
    else:
        into = sqlite.insert(table)
    if replace:
        changes = {name: into.excluded[name] for name in others}
        statement = into.on_conflict_do_update(index_elements=keys, set_=changes)
    else:
        statement = into.on_conflict_do_nothing(index_elements=keys)
    session.execute(statement, list(rows))
