"""`sounding users`: who may sign in, and as what."""

import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_options import JsonOption, WorkspaceOption
from app.console import counted, result, warn
from app.workspace import open_workspace
from db.records import PersonRecord, Role
from mc3core.errors import InputError

if TYPE_CHECKING:  # SQLAlchemy is loaded when a command runs, not when help is shown
    from sqlalchemy.orm import Session

users = typer.Typer(
    name="users",
    help="Accounts: annotator, researcher, lead, admin; each may what those before it may.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]
RoleOption = Annotated[
    Role, typer.Option("--role", help="What the person may do.", show_default=False)
]
DaysOption = Annotated[
    float, typer.Option("--days", min=0.01, max=90, metavar="N", help="How long the link works.")
]
AtOption = Annotated[
    str,
    typer.Option(
        "--at", metavar="URL", help="The studio's address as people type it, for the link."
    ),
]
_HOME = "http://127.0.0.1:7860"
_SIGNED_OUT = "Until somebody has a password, nobody needs one on this machine."


@users.command(
    epilog="Example: printf '%s' \"$PASSWORD\" | sounding users add Ana --role admin "
    "--password-stdin --workspace kitchen"
)
def add(
    name: NameArgument,
    workspace: WorkspaceOption,
    role: RoleOption = "annotator",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    days: DaysOption = 7,
    at: AtOption = _HOME,
    json: JsonOption = False,
) -> None:
    """Add a person; without --password-stdin an invitation is printed, to choose a password with.

    Somebody who has labelled here under this name keeps their answers.
    """
    from app.services import passwords
    from db.accounts import AccountError, add_account, set_password
    from db.invitations import invite
    from db.people import UnusableNameError

    try:
        hashed = passwords.hashed(_password(), name) if password_stdin else None
        with _writing(workspace) as session:
            person = add_account(session, name, role)
            token = None
            if hashed is None:
                token = invite(session, role, days, person_id=person.id)
            else:
                set_password(session, person.id, hashed, None)
    except (AccountError, UnusableNameError, passwords.WeakPasswordError) as error:
        raise InputError(str(error)) from None
    link = None if token is None else _link(at, token)
    result(
        json,
        {"id": person.id, "name": person.name, "role": role, "invitation": link},
        lambda: [
            f"{person.name} may sign in as {role}."
            if link is None
            else f"{person.name} becomes {role} by opening, once, within {_days(days)}: {link}"
        ],
    )


@users.command("list", epilog="Example: sounding users list --workspace kitchen --json")
def list_(workspace: WorkspaceOption, json: JsonOption = False) -> None:
    """Everybody who works here, their roles, and open invitations."""
    from app.context import open_database
    from db.accounts import list_accounts
    from db.invitations import open_invitations

    with (
        closing(open_database(open_workspace(workspace))) as database,
        database.read() as session,
    ):
        accounts, invitations = list_accounts(session), open_invitations(session)
    value = {
        "accounts": any(one.password and not one.person.removed for one in accounts),
        "users": [
            {
                "id": one.person.id,
                "name": one.person.name,
                "role": one.person.role,
                "state": "removed" if one.person.removed else "active",
                "password": one.password,
                "signed_in": one.sessions,
            }
            for one in accounts
        ],
        "invitations": [
            {
                "id": one.id,
                "role": one.role,
                "name": one.name,
                "expires_at": one.expires_at.isoformat(),
            }
            for one in invitations
        ],
    }

    def lines() -> list[str]:
        shown = [
            f"{one.person.role:11}{_state(one.person, one.password):13}{_shown(one.person.name)}"
            for one in accounts
        ]
        shown += [
            f"{one.role:11}{'invited':13}{_shown(one.name or '(anybody with the link)')}"
            f" until {one.expires_at:%Y-%m-%d %H:%M} UTC"
            for one in invitations
        ]
        return shown if value["accounts"] else [*shown, _SIGNED_OUT]

    result(json, value, lines)


@users.command(epilog="Example: sounding users role Ana --role lead --workspace kitchen")
def role(
    name: NameArgument, workspace: WorkspaceOption, role: RoleOption, json: JsonOption = False
) -> None:
    """Change what somebody may do, from their next request on."""
    from db.accounts import set_role

    with _writing(workspace) as session:
        person = _find(session, name)
        set_role(session, person.id, role, None)
    result(
        json,
        {"id": person.id, "name": person.name, "role": role, "was": person.role},
        lambda: [f"{person.name} is {role} now (was {person.role})."],
    )
    _warn_without_admin(workspace)


@users.command(epilog="Example: sounding users remove Ana --workspace kitchen")
def remove(name: NameArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
    """Sign somebody out everywhere, for good; their answers stay, with the name beside them."""
    from db.accounts import remove_account

    with _writing(workspace) as session:
        person = _find(session, name)
        remove_account(session, person.id, None)
    result(
        json,
        {"id": person.id, "name": person.name, "removed": True},
        lambda: [f"{person.name} cannot sign in any more; the answers stay."],
    )
    _warn_without_admin(workspace)


@users.command(
    epilog="Example: sounding users invite --role annotator --days 3 "
    "--at https://lab.example.org/sounding --workspace kitchen"
)
def invite(
    workspace: WorkspaceOption,
    role: RoleOption = "annotator",
    days: DaysOption = 7,
    at: AtOption = _HOME,
    json: JsonOption = False,
) -> None:
    """Print a link by which one person, whoever opens it first, makes an account."""
    from db.invitations import invite as make

    with _writing(workspace) as session:
        token = make(session, role, days)
    link = _link(at, token)
    result(
        json,
        {"role": role, "days": days, "invitation": link},
        lambda: [f"One {role}, once, within {_days(days)}: {link}"],
    )


def add_to(commands: typer.Typer) -> None:
    commands.add_typer(users)


@contextmanager
def _writing(workspace: Path) -> "Generator[Session]":
    from app.context import open_database

    with (
        closing(open_database(open_workspace(workspace))) as database,
        database.write() as session,
    ):
        yield session


def _find(session: "Session", name: str) -> PersonRecord:
    from db.accounts import account_by_name

    found = account_by_name(session, name)
    if found is None or found.removed:
        raise InputError(f"There is no “{_shown(name)}” here: `sounding users list` shows who is.")
    return found


def _password() -> str:
    """All of standard input but the line's end, so that `echo` works as `printf` does."""
    if sys.stdin.isatty():
        import getpass

        return getpass.getpass("Password: ")
    return sys.stdin.read(4096).rstrip("\r\n")


def _link(at: str, token: str) -> str:
    """The token stands in the fragment: no browser sends it, no log holds it."""
    return f"{at.rstrip('/')}/join#{token}"


def _days(days: float) -> str:
    return counted(int(days), "day") if days == int(days) else f"{days:g} days"


def _state(person: PersonRecord, password: bool) -> str:
    if person.removed:
        return "removed"
    return "password" if password else "no password"


def _shown(name: str) -> str:
    """A name may turn the line around or hold control signs: shown by their numbers."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in name)


def _warn_without_admin(workspace: Path) -> None:
    from app.context import open_database
    from db.accounts import accounts_on, last_admin

    with (
        closing(open_database(open_workspace(workspace))) as database,
        database.read() as session,
    ):
        if not accounts_on(session):
            warn(_SIGNED_OUT)
        elif last_admin(session, 0):
            warn("Nobody is an admin now: accounts can be managed from this command line only.")
