"""Column types that behave the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Text, TypeDecorator


def storable(text: str) -> str:
    """Replace what a database cannot hold (lone surrogates, NUL) by U+FFFD, and keep the rest."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


class SafeText(TypeDecorator[str]):
    """Any text that came from a file or a person; narrations may hold anything JSON can say."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else storable(value)


class Words(TypeDecorator[tuple[str, ...]]):
    """A few short words as `,one,two,`: one LIKE finds one word, on both engines."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Any) -> str:
        return f",{','.join(value)}," if value else ""

    def process_result_value(self, value: str | None, dialect: Any) -> tuple[str, ...]:
        return tuple(word for word in (value or "").split(",") if word)


class Utc(TypeDecorator[datetime]):
    """A moment, always aware and in UTC; SQLite would lose the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def utc_now() -> datetime:
    """The server's clock; browsers' clocks never order answers."""
    return datetime.now(UTC)
