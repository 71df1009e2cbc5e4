"""The audit trail: appended with what it tells about, read by pages."""

import pytest

from db.audit import note, page_of_audit
from db.engine import Database
from db.people import ensure_person


def test_the_newest_row_comes_first_with_the_name_of_who_did_it(database: Database) -> None:
    with database.write() as session:
        lead = ensure_person(session, "Lea")
        note(session, None, "account added", "Ana", {"role": "admin"})
        note(session, lead.id, "batch closed", "kitchen-3")
    with database.read() as session:
        page = page_of_audit(session)
    assert [(row.by, row.action, row.subject) for row in page.rows] == [
        ("Lea", "batch closed", "kitchen-3"),
        (None, "account added", "Ana"),
    ]
    assert page.rows[1].detail == {"role": "admin"}
    assert page.rows[0].at.tzinfo is not None


def test_pages_and_filters(database: Database) -> None:
    with database.write() as session:
        lead = ensure_person(session, "Lea")
        for number in range(7):
            note(session, lead.id if number % 2 else None, "clip decided", f"clip {number}")
    with database.read() as session:
        page = page_of_audit(session, 2, 3)
        assert (page.total, page.offset) == (7, 2)
        assert [row.subject for row in page.rows] == ["clip 4", "clip 3", "clip 2"]
        assert page_of_audit(session, by_id=lead.id).total == 3
        assert page_of_audit(session, subject="clip 6").total == 1
        assert page_of_audit(session, action="nothing").rows == ()


def test_what_is_rolled_back_leaves_no_trace(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            note(session, None, "account added", "Ana")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.read() as session:
        assert page_of_audit(session).total == 0


def test_any_text_is_kept_as_text(database: Database) -> None:
    with database.write() as session:
        note(session, None, "x", "<b>\0‮🐈\ud800", {"why": "\0<script>"})
    with database.read() as session:
        row = page_of_audit(session).rows[0]
    assert row.subject == "<b>\ufffd‮🐈?"
    assert row.detail["why"] == "\0<script>"
