"""Alembic's entry: always runs on the connection that `db.migrate` hands over."""

from alembic import context

from db import tables
from db.base import Base

assert tables.__all__
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
