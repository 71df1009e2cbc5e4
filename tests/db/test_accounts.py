"""Accounts, invitations and what an annotator may see, on both engines."""

from datetime import timedelta

import pytest

from db.accounts import (
    AccountError,
    accounts_on,
    add_account,
    credentials,
    last_admin,
    list_accounts,
    may,
    remove_account,
    set_password,
    set_role,
)
from db.audit import page_of_audit
from db.columns import utc_now
from db.engine import Database
from db.invitations import (
    InvitationError,
    accept,
    invite,
    open_invitation,
    open_invitations,
    revoke,
)
from db.labelling import claim, create_batch
from db.people import UnusableNameError, ensure_person, start_session, who
from db.sight import may_see


def test_accounts_are_on_while_one_active_person_has_a_password(database: Database) -> None:
    with database.write() as session:
        ensure_person(session, "Ana")
        ada = add_account(session, "Ada", "admin")
        assert not accounts_on(session)
        set_password(session, ada.id, "hash")
        assert accounts_on(session)
        remove_account(session, ada.id, None)
        assert not accounts_on(session)


def test_a_person_who_labelled_here_keeps_who_they_are(database: Database) -> None:
    with database.write() as session:
        ana = ensure_person(session, "Ana")
        found = add_account(session, " ANA", "lead")
        assert (found.id, found.name, found.role) == (ana.id, "Ana", "lead")
        set_password(session, ana.id, "hash")
        with pytest.raises(AccountError):
            add_account(session, "ana", "admin")
        ensure_person(session, "Robot", "simulated")
        with pytest.raises(UnusableNameError):
            add_account(session, "robot", "admin")
        assert [one.person.name for one in list_accounts(session)] == ["Ana"]


def test_sessions_end_with_the_person_the_password_and_time(database: Database) -> None:
    now = utc_now()
    with database.write() as session:
        ana = add_account(session, "Ana", "annotator")
        token = start_session(session, ana.id)
        assert who(session, token) is not None
        assert who(session, token, password=True) is None
        set_password(session, ana.id, "hash")
        assert who(session, token) is None
        kept, other = start_session(session, ana.id), start_session(session, ana.id)
        set_password(session, ana.id, "another", but=kept)
        assert (who(session, kept, password=True) is None, who(session, other)) == (False, None)
        ended = start_session(session, ana.id, expires_at=now - timedelta(seconds=1))
        assert who(session, ended) is None
        assert credentials(session, "ana") is not None
        remove_account(session, ana.id, None)
        assert who(session, kept) is None
        assert credentials(session, "ana") is None


def test_an_invitation_is_used_once(database: Database) -> None:
    with database.write() as session:
        token = invite(session, "researcher", 1)
        assert open_invitation(session, token, utc_now() + timedelta(days=1.1)) is None
        person = accept(session, token, "Nia", "hash")
        assert person.role == "researcher"
        with pytest.raises(InvitationError):
            accept(session, token, "Eve", "hash")
        assert open_invitations(session) == []


def test_a_link_for_one_person_dies_with_what_changes_their_account(database: Database) -> None:
    with database.write() as session:
        ana = add_account(session, "Ana", "annotator")
        first = invite(session, "annotator", 1, person_id=ana.id)
        second = invite(session, "annotator", 1, person_id=ana.id)
        assert open_invitation(session, first) is None
        set_role(session, ana.id, "researcher", None)
        found = open_invitation(session, second)
        assert found is not None and (found.name, found.role) == ("Ana", "researcher")
        set_password(session, ana.id, "hash")
        assert open_invitation(session, second) is None
        third = invite(session, "annotator", 1, person_id=ana.id)
        remove_account(session, ana.id, None)
        assert open_invitation(session, third) is None


def test_names_in_use_are_not_given_away_and_revoked_links_do_nothing(database: Database) -> None:
    with database.write() as session:
        ensure_person(session, "Ana")
        token = invite(session, "admin", 1)
        with pytest.raises(AccountError):
            accept(session, token, "ana", "hash")
        number = open_invitations(session)[0].id
        assert revoke(session, number, None)
        assert not revoke(session, number, None)
        assert not revoke(session, 999, None)
        with pytest.raises(InvitationError):
            accept(session, token, "Nia", "hash")


def test_roles_are_ordered_and_the_last_admin_is_known(database: Database) -> None:
    assert may("lead", "researcher") and not may("researcher", "lead")
    with database.write() as session:
        ada, ben = add_account(session, "Ada", "admin"), add_account(session, "Ben", "admin")
        set_password(session, ada.id, "hash")
        assert last_admin(session, ada.id) and not last_admin(session, ben.id)
        set_password(session, ben.id, "hash")
        assert not last_admin(session, ada.id)


def test_every_change_leaves_a_row(database: Database) -> None:
    with database.write() as session:
        ada = add_account(session, "Ada", "admin")
        set_password(session, ada.id, "hash")
        ben = add_account(session, "Ben", "lead", ada.id)
        set_role(session, ben.id, "annotator", ada.id)
        token = invite(session, "lead", 1, ada.id)
        accept(session, token, "Nia", "hash")
        remove_account(session, ben.id, ada.id)
    with database.read() as session:
        rows = page_of_audit(session).rows
    assert [(row.by, row.action, row.subject) for row in reversed(rows)] == [
        (None, "account added", "Ada"),
        (None, "password set", "Ada"),
        ("Ada", "account added", "Ben"),
        ("Ada", "role changed", "Ben"),
        ("Ada", "invited", "lead"),
        ("Nia", "joined", "Nia"),
        ("Ada", "account removed", "Ben"),
    ]


def test_annotators_see_what_was_given_to_them(database: Database, clips: list[str]) -> None:
    with database.write() as session:
        create_batch(session, "first", clips)
        ana, ben = ensure_person(session, "Ana").id, ensure_person(session, "Ben").id
        mine = claim(session, ana, 1)[0].clip.clip_id
        assert [clip for clip in clips if may_see(session, ana, clip)] == [mine]
        assert not any(may_see(session, ben, clip) for clip in clips)
        assert not may_see(session, ana, "nothing")
