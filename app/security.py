"""The guard in front of every route, Gradio's too: who may ask, how much, and what browsers may do.

On loopback what threatens the studio is another web page in the same browser: by DNS rebinding
(Host), by cross-site requests (Origin, Sec-Fetch-*), by framing. Behind a TLS proxy, which alone
may connect, it is the network too: `app.access` asks for accounts then.
"""

import contextlib
import json
import re
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings

SESSION_COOKIE = "sounding_session"
BODY_LIMIT = 1 << 20  # bytes; the largest thing a page sends is a lasso's polygon

_OURS = re.compile(r"/(api|media|poster|static|annotate|signin|join|account)(/|$)")
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
    """ASGI middleware, before everything else; `settings` say which names and proxies are ours."""

    def __init__(self, app: ASGIApp, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        self._app = app
        self._hosts = settings.hosts
        self._public = settings.public
        self._base = settings.base
        known = "127.0.0.1 and localhost" if self._public is None else self._public.url
        self._elsewhere = f"This studio answers only to {known}."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if (refusal := self._refusal(scope)) is not None:
            await _refuse(scope, send, *refusal)
            return
        if self._base and scope["path"] == self._base:
            await _refuse(scope, send, 308, "Here.", ((b"location", f"{self._base}/".encode()),))
            return
        scope = self._as_at_the_root(scope)
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        body = _LimitedBody(receive)
        answer = _Answer(send, scope["path"], lambda: body.too_large)
        with contextlib.suppress(_TooLargeError):
            await self._app(scope, body.receive, answer.send)
        if body.too_large and not answer.started:
            await _refuse(scope, send, 413, _TOO_LARGE)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, []).append(value.decode("latin-1"))
        peer = (scope.get("client") or ("",))[0]
        if self._public is not None and not self._public.is_proxy(peer):
            return 403, (
                f"Open {self._public.url}: only its proxy may speak to this port. If {peer} is the "
                f"proxy, start the studio with --proxy {peer}."
            )
        hosts = headers.get(b"host", [])
        if len(hosts) != 1 or _name_of(hosts[0]) not in self._hosts:
            return 421, self._elsewhere
        origin = headers.get(b"origin", [None])[0]
        if origin is not None and not self._same_origin(origin, hosts[0]):
            return 403, "Requests from other web pages are refused."
        site = headers.get(b"sec-fetch-site", ["none"])[0]
        mode = headers.get(b"sec-fetch-mode", [""])[0]
        opens_a_page = mode == "navigate" and scope.get("method") == "GET"
        if site not in ("same-origin", "none") and not opens_a_page:
            return 403, "Requests from other web pages are refused."
        if _SHUT.match(self._inner(scope["path"])):
            return 404, "Not found."
        length = headers.get(b"content-length", ["0"])[0]
        if not length.isdigit() or int(length) > BODY_LIMIT:
            return 413, _TOO_LARGE
        return None

    def _same_origin(self, origin: str, host: str) -> bool:
        if self._public is not None:
            return origin.lower() == self._public.origin.lower()
        return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")

    def _inner(self, path: str) -> str:
        """The path below the sub-path, whether or not the proxy took it off."""
        return path[len(self._base) :] if self._base and path.startswith(self._base + "/") else path

    def _as_at_the_root(self, scope: Scope) -> Scope:
        """What the routes see: no sub-path, and nothing that a client says about itself but the
        last hop that the proxy names, for the rate limit."""
        inner = {**scope, "path": self._inner(scope["path"]), "root_path": ""}
        if scope.get("raw_path") is not None:
            inner["raw_path"] = self._inner(scope["raw_path"].decode("latin-1")).encode("latin-1")
        headers = [(name, value) for name, value in scope["headers"] if not _is_said(name)]
        if self._public is not None:
            inner["scheme"] = "https" if scope["type"] == "http" else "wss"
            for name, value in scope["headers"]:
                if name == b"x-forwarded-for":
                    hop = value.decode("latin-1").rsplit(",", 1)[-1].strip()
                    inner["client"] = (hop, 0) if _is_address(hop) else scope["client"]
        return inner | {"headers": headers}


def guard(app: Starlette, settings: Settings | None = None) -> None:
    """Put the guard in front of all routes, mounts and other middleware of `app` so far."""
    app.add_middleware(Guard, settings=settings)


_TOO_LARGE = f"The request is larger than {BODY_LIMIT >> 20} MB."


class _TooLargeError(Exception):
    pass


class _LimitedBody:
    """Counts what really arrives: a chunked request names no length."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._bytes = 0
        self.too_large = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > BODY_LIMIT:
            self.too_large = True
            raise _TooLargeError
        return message


class _Answer:
    """Adds the headers that bind the browser, and removes what must not leave."""

    def __init__(self, send: Send, path: str, overruled: Callable[[], bool]) -> None:
        self._send = send
        self._path = path
        self._overruled = overruled
        self.started = False

    async def send(self, message: Message) -> None:
        if self._overruled() and not self.started:
            return  # FastAPI's "error parsing the body": the guard answers instead
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


def _is_said(name: bytes) -> bool:
    """Headers that Gradio would believe, whoever wrote them."""
    return name.startswith(b"x-forwarded-") or name in (b"forwarded", b"x-real-ip")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


async def _refuse(
    scope: Scope,
    send: Send,
    status: int,
    detail: str,
    more: tuple[tuple[bytes, bytes], ...] = (),
) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": detail})
        return
    body = json.dumps({"detail": detail}).encode()
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), *_HEADERS]
    headers.extend(more)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
