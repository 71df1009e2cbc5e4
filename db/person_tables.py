"""The tables of people: accounts, sign-ins, and who did what."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.columns import SafeText, Utc


class Person(Base):
    """Somebody who answers. `name_key` is the folded name, so that "Ana" and "ana " are one.

    A removed person's answers stay and their name with them; they cannot sign in again.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("kind IN ('human', 'simulated')", name="kind"),
        CheckConstraint("role IN ('annotator', 'lead', 'researcher', 'admin')", name="role"),
        CheckConstraint("state IN ('active', 'removed')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(SafeText)
    name_key: Mapped[str] = mapped_column(SafeText, unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Utc)
    role: Mapped[str] = mapped_column(String(16), server_default="annotator")
    state: Mapped[str] = mapped_column(String(8), server_default="active")
    password_hash: Mapped[str | None] = mapped_column(SafeText)


class Invitation(Base):
    """A link that makes one account, as a hash; `used_by` without `used_at`: for them alone."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("role IN ('annotator', 'lead', 'researcher', 'admin')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(SafeText, default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime | None] = mapped_column(Utc)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)


class SignIn(Base):
    """A browser that somebody signed in from; only the hash of its cookie is kept."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime | None] = mapped_column(Utc)


class Audit(Base):
    """Who did what and when: appended by whatever changes the rules or the labels, never changed.

    `by_id` is None where no account was needed; `detail` is a JSON object.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(SafeText)
    detail: Mapped[str] = mapped_column(SafeText)


class Setting(Base):
    """A choice of the lead that holds for everybody; `value` is JSON."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(SafeText)
