"""Scripts, styles and plotly.js from this machine: no request ever leaves for another one."""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

FOLDER = Path(__file__).resolve().parent.parent / "static"
PLOTLY = "plotly.min.js"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = (
    "no-cache"  # one module has one URL, so that the player stays one; the ETag makes it cheap
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent: compressed, with the tag of its content."""

    zipped: bytes
    tag: str
    kind: str


def router() -> APIRouter:
    """`/static/<name>`; with `?v=` the answer may be kept for ever."""
    api = APIRouter()

    @api.get("/static/{name}")
    def static_file(name: str, request: Request, v: str | None = None) -> Response:
        found = _plotly() if name == PLOTLY else _own(name)
        if found is None:
            raise HTTPException(404, "No such file.")
        headers = {
            "ETag": found.tag,
            "Cache-Control": FOR_EVER if v else ASK_AGAIN,
            "Vary": "Accept-Encoding",
        }
        if request.headers.get("if-none-match") == found.tag:
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(gzip.decompress(found.zipped), media_type=found.kind, headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(found.zipped, media_type=found.kind, headers=headers)

    return api


def static_url(name: str) -> str:
    """The address of a file, changing whenever its content does; relative, because a proxy may
    have put the studio under a sub-path."""
    found = _own(name)
    return f"./static/{name}" + (f"?v={found.tag.strip(chr(34))}" if found else "")


def stylesheets() -> list[str]:
    """Every stylesheet, the one with the tokens first."""
    names = sorted(path.name for path in FOLDER.glob("*.css"))
    return sorted(names, key=lambda name: name != "studio.css")


def modules_of(*modules: str) -> list[str]:
    """These modules and all that they import, so that a page can ask for them at once."""
    wanted = dict.fromkeys(modules)
    for name in (names := list(wanted)):  # grows while it is walked
        imported = _IMPORT.findall((FOLDER / name).read_text(encoding="utf-8"))
        names += [other for other in imported if other not in wanted]
        wanted |= dict.fromkeys(imported)
    return list(wanted)


_IMPORT = re.compile(r'^import .*?"\./([\w.-]+\.js)";', re.MULTILINE | re.DOTALL)


def _own(name: str) -> StaticFile | None:
    """A file of ours by name: looked up among the names that exist, never joined to a path."""
    path = {entry.name: entry for entry in FOLDER.iterdir() if entry.is_file()}.get(name)
    return None if path is None else _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _read(path: Path, _modified_ns: int) -> StaticFile:
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    return _pack(path.read_bytes(), kind or "application/octet-stream")


@lru_cache(maxsize=1)
def _plotly() -> StaticFile:
    """plotly.js as its Python wheel carries it, compressed once a process (4.8 MB to 1.5)."""
    from importlib.util import find_spec

    spec = find_spec("plotly")  # finds the folder without importing the package
    assert spec is not None and spec.submodule_search_locations is not None
    body = (Path(spec.submodule_search_locations[0]) / "package_data" / PLOTLY).read_bytes()
    return _pack(body, TYPES[".js"])


def _pack(body: bytes, kind: str) -> StaticFile:
    tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    return StaticFile(gzip.compress(body, 6), tag, kind)
