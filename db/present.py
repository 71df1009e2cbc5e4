"""Rows that are appended and never changed: which of a chain is in force."""

from typing import Any

from sqlalchemy import ColumnElement, exists, inspect
from sqlalchemy.orm import aliased


def present(row: Any) -> ColumnElement[bool]:
    """Nothing supersedes it. `row` is Answer or Adjudication, or an alias of one."""
    later = aliased(inspect(row).mapper.class_)
    return ~exists().where(later.supersedes == row.id)
