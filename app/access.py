"""Who may ask for what: one table, read by a gate before every route, Gradio's too.

While nobody has a password the studio belongs to whoever sits at this machine: everybody may
everything. Once somebody has one, a path that the table does not name is closed.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from app.context import AppContext
from app.security import SESSION_COOKIE
from db.accounts import accounts_on, may
from db.engine import Database
from db.people import who
from db.records import PersonRecord, Role, SignInRecord

ANYONE = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Which role a path, and what lies below it, needs; ANYONE: not even signed in. Not `deep`:
    only what lies directly below it."""

    path: str
    read: Role | None
    write: Role | None
    deep: bool = True

    def holds(self, path: str) -> bool:
        if path == self.path:
            return True
        above, _, below = path.partition(self.path.rstrip("/") + "/")
        return not above and bool(below) and (self.deep or "/" not in below)


# The longest path that fits decides. Annotators reach what `/annotate` needs and nothing else.
RULES = (
    # Ours, the same for everybody and in the public source; Gradio's own lie in folders below.
    Rule("/static", ANYONE, ANYONE, deep=False),
    Rule("/signin", ANYONE, ANYONE),
    Rule("/join", ANYONE, ANYONE),
    Rule("/api/session", ANYONE, ANYONE),  # signing in and out; says who one is
    Rule("/api/join", ANYONE, ANYONE),  # asks for an invitation
    Rule("/account", "annotator", "annotator"),
    Rule("/api/account", "annotator", "annotator"),
    Rule("/annotate", "annotator", "annotator"),
    Rule("/api/claim", "annotator", "annotator"),
    Rule("/api/answers", "annotator", "annotator"),
    Rule("/api/undo", "annotator", "annotator"),
    Rule("/api/heartbeat", "annotator", "annotator"),
    Rule("/api/progress", "annotator", "annotator"),
    Rule("/api/mine", "annotator", "annotator"),
    Rule("/api/guideline", "annotator", "annotator"),
    Rule("/api/warmups", "annotator", "annotator"),
    Rule("/api/exam", "annotator", "annotator"),
    Rule("/api/disputes", "annotator", "annotator"),
    Rule("/media", "annotator", "annotator"),  # the route asks which clips (db.sight)
    Rule("/poster", "annotator", "annotator"),
    Rule("/api/clips", "researcher", "lead"),
    Rule("/api/data", "researcher", "lead"),
    Rule("/api/videos", "researcher", "lead"),
    Rule("/api/taxonomy", "researcher", "lead"),
    Rule("/api/withdrawal", "lead", "lead"),
    Rule("/api/dropped", "researcher", "lead"),
    Rule("/api/batches", "researcher", "lead"),
    Rule("/api/jobs", "researcher", "researcher"),
    Rule("/api/methods", "researcher", "researcher"),
    Rule("/api/runs", "researcher", "researcher"),
    Rule("/api/map", "researcher", "researcher"),
    Rule("/api/explore", "researcher", "researcher"),
    Rule("/api/evaluation", "researcher", "researcher"),
    Rule("/api/evaluate", "researcher", "researcher"),
    Rule("/api/sources", "lead", "lead"),
    Rule("/api/ingest", "lead", "lead"),
    Rule("/api/world", "lead", "lead"),
    Rule("/api/desk", "lead", "lead"),
    Rule("/api/labels", "lead", "lead"),
    Rule("/api/users", "admin", "admin"),
    Rule("/api/settings", "admin", "admin"),
    Rule("/api", "admin", "admin"),  # whatever is forgotten above
    Rule("/", "researcher", "researcher"),  # Gradio, with all its routes
)
SIGN_IN = {"X-Sign-In": "password"}  # tells our pages to lead to the sign-in page
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_PAGES = frozenset({"/", "/annotate", "/account"})
_ASKER = "sounding.asker"
_LONGEST_TOKEN = 200
_WHAT = {
    "annotator": "annotators",
    "researcher": "researchers and leads",
    "lead": "leads",
    "admin": "admins",
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. Without `accounts` there may be nobody, and everybody may everything."""

    person: PersonRecord | None
    batch_id: int | None
    accounts: bool

    @property
    def by_id(self) -> int | None:
        """For the audit trail."""
        return None if self.person is None else self.person.id

    @property
    def role(self) -> Role | None:
        if not self.accounts:
            return "admin"
        return None if self.person is None else self.person.role

    def may(self, needed: Role | None) -> bool:
        return needed is None or (self.role is not None and may(self.role, needed))

    def refusal(self, needed: Role | None) -> tuple[int, str] | None:
        """Status and sentence where they may not."""
        if needed is None or self.may(needed):
            return None
        if self.role is None:
            return 401, "Sign in first."
        return 403, f"This is for {_WHAT[needed]}; your account is {_article(self.role)}."


def needs(context: AppContext, role: Role = "annotator") -> Callable[[Request], Asker]:
    """A dependency: who asks, where they may; else 401 or 403 with a sentence.

    `asker: Asker = Depends(needs(context, "lead"))`
    """

    def asks(request: Request) -> Asker:
        asker = asker_of(request, context.database, context.settings.public is not None)
        if (refusal := asker.refusal(role)) is not None:
            raise HTTPException(*refusal, headers=SIGN_IN if refusal[0] == 401 else None)
        return asker

    return asks


def signed_in(database: Database) -> Callable[[Request], SignInRecord]:
    """A dependency: the person who asks, or 401 with what to do; accounts or not."""

    def asks(request: Request) -> SignInRecord:
        asker = asker_of(request, database)
        if asker.person is None:
            if asker.accounts:
                raise HTTPException(401, "Sign in first.", SIGN_IN)
            raise HTTPException(401, "Sign in with your name first.")
        return SignInRecord(asker.person, asker.batch_id)

    return asks


def asker_of(request: HTTPConnection, database: Database, always: bool = False) -> Asker:
    """Who asks, as the gate found it; looked up where no gate stands before the route."""
    known = request.scope.get(_ASKER)
    return known if isinstance(known, Asker) else look(request, database, always)


def look(request: HTTPConnection, database: Database, always: bool = False) -> Asker:
    """`always`: accounts are needed even where nobody has a password (any more)."""
    token = request.cookies.get(SESSION_COOKIE)
    with database.read() as session:
        accounts = always or accounts_on(session)
        found = None
        if token and len(token) <= _LONGEST_TOKEN:
            found = who(session, token, password=accounts)
    if found is None:
        return Asker(None, None, accounts)
    return Asker(found.person, found.batch_id, accounts)


def rule_of(path: str) -> Rule:
    """The rule of the longest path that holds this one."""
    fitting = (rule for rule in RULES if rule.holds(path))
    return max(fitting, key=lambda rule: len(rule.path), default=RULES[-1])


class Gate:
    """ASGI middleware behind the guard: finds out who asks, and whether they may."""

    def __init__(self, app: ASGIApp, context: AppContext) -> None:
        self._app = app
        self._database = context.database
        self._always = context.settings.public is not None
        self._base = context.settings.base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        rule = rule_of(scope["path"])
        needed = rule.read if scope.get("method", "POST") in _READS else rule.write
        if needed is not None:
            connection = HTTPConnection(scope)
            asker = await run_in_threadpool(look, connection, self._database, self._always)
            scope[_ASKER] = asker
            if (refusal := asker.refusal(needed)) is not None:
                await self._refuse(scope, send, *refusal)
                return
        await self._app(scope, receive, send)

    async def _refuse(self, scope: Scope, send: Send, status: int, detail: str) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": detail})
            return
        body = json.dumps({"detail": detail}).encode()
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        if status == 401:
            headers.append((b"x-sign-in", SIGN_IN["X-Sign-In"].encode()))
        # A person who opens a page is led on; the browser takes the fragment along.
        if scope["path"] in _PAGES and scope["method"] == "GET":
            to = "/annotate" if status == 403 else "/signin"
            if scope["path"] != "/" and status == 401:
                to += f"?to={scope['path'].strip('/')}"
            status = 303
            headers.append((b"location", f"{self._base}{to}".encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def gate(app: FastAPI, context: AppContext) -> None:
    """Put the gate before all routes and mounts of `app`; the guard goes before the gate."""
    app.add_middleware(Gate, context=context)


def _article(role: Role) -> str:
    return f"{'an' if role[0] == 'a' else 'a'} {role}’s"
