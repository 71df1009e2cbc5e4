"""The guard in front of every route, Gradio's too: who may ask, how much, and what browsers may do.

The studio has no accounts yet and listens on loopback, so what threatens it is another web page in
the same browser: by DNS rebinding (Host), by cross-site requests (Origin, Sec-Fetch-*), by framing.
"""

import json
import re
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import LOOPBACK

SESSION_COOKIE = "sounding_session"
BODY_LIMIT = 1 << 20  # bytes; the largest thing a page sends is a lasso's polygon

_OURS = re.compile(r"/(api|media|poster|static|annotate)(/|$)")
# Gradio routes that read files, fetch addresses, or take uploads. None of our pages uses them, and
# /file= copies the request's headers, cookie included, into its answer to a closed byte range.
_SHUT = re.compile(
    r"/+(gradio_api/+)?(file=|file/|proxy=|upload|stream/|custom_component/|process_recording|"
    r"run-history|vibe|undo-vibe|monitoring|profiling|deep_link|dev/|login|logout|token)"
)
_COMMON = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-src 'none'; frame-ancestors 'none'; "
)
_STRICT = _COMMON + "style-src 'self' 'unsafe-inline'; script-src 'self'"
# Gradio writes its configuration as an inline script and runs `js_on_load` through Function().
_GRADIO = (
    _COMMON + "style-src 'self' 'unsafe-inline'; font-src 'self' data:; worker-src 'self' blob:; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:"
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
# Request headers that an answer must never repeat (see _SHUT), and cookies other than ours.
_ECHOES = frozenset({b"cookie", b"authorization", b"host", b"origin", b"user-agent"})


class Guard:
    """ASGI middleware; `hosts` are the names this server answers to, whatever the port."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] = LOOPBACK) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if (refusal := self._refusal(scope)) is not None:
            await _refuse(scope, send, *refusal)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        body = _LimitedBody(receive)
        answer = _Answer(send, scope["path"])
        try:
            await self._app(scope, body.receive, answer.send)
        except _TooLargeError:
            if not answer.started:
                await _refuse(scope, send, 413, _TOO_LARGE)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, []).append(value.decode("latin-1"))
        hosts = headers.get(b"host", [])
        if len(hosts) != 1 or _name_of(hosts[0]) not in self._hosts:
            return 421, "This studio answers only to 127.0.0.1 and localhost."
        origin = headers.get(b"origin", [None])[0]
        if origin is not None and not _same_origin(origin, hosts[0]):
            return 403, "Requests from other web pages are refused."
        site = headers.get(b"sec-fetch-site", ["none"])[0]
        mode = headers.get(b"sec-fetch-mode", [""])[0]
        opens_a_page = mode == "navigate" and scope.get("method") == "GET"
        if site not in ("same-origin", "none") and not opens_a_page:
            return 403, "Requests from other web pages are refused."
        if _SHUT.match(scope["path"]):
            return 404, "Not found."
        length = headers.get(b"content-length", ["0"])[0]
        if not length.isdigit() or int(length) > BODY_LIMIT:
            return 413, _TOO_LARGE
        return None


def guard(app: Starlette, hosts: frozenset[str] = LOOPBACK) -> None:
    """Put the guard in front of all routes and mounts of `app`."""
    app.add_middleware(Guard, hosts=hosts)


_TOO_LARGE = f"The request is larger than {BODY_LIMIT >> 20} MB."


class _TooLargeError(Exception):
    pass


class _LimitedBody:
    """Counts what really arrives: a chunked request names no length."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._bytes = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > BODY_LIMIT:
            raise _TooLargeError
        return message


class _Answer:
    """Adds the headers that bind the browser, and removes what must not leave."""

    def __init__(self, send: Send, path: str) -> None:
        self._send = send
        self._path = path
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message = {**message, "headers": self._headers(message.get("headers", ()))}
        await self._send(message)

    def _headers(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        kept = [(name.lower(), value) for name, value in given]
        kept = [pair for pair in kept if pair[0] not in _ECHOES and not _foreign_cookie(*pair)]
        names = {name for name, _ in kept}
        policy = _STRICT if _OURS.match(self._path) else _GRADIO
        kept.append((b"content-security-policy", policy.encode()))
        kept.extend(pair for pair in _HEADERS if pair[0] not in names)
        if self._path.startswith("/api/") and b"cache-control" not in names:
            kept.append((b"cache-control", b"no-store"))
        return kept


def _foreign_cookie(name: bytes, value: bytes) -> bool:
    return name == b"set-cookie" and not value.startswith(SESSION_COOKIE.encode() + b"=")


def _name_of(host: str) -> str | None:
    """The name in a Host header or None where it is malformed; IPv6 stands in brackets."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    if parts.username is not None or parts.path or parts.query or parts.fragment:
        return None
    return parts.hostname


def _same_origin(origin: str, host: str) -> bool:
    return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


async def _refuse(scope: Scope, send: Send, status: int, detail: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": detail})
        return
    body = json.dumps({"detail": detail}).encode()
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
