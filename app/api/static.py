"""Scripts, styles and plotly.js from this machine: no request ever leaves for another one."""

import gzip
import hashlib
import mimetypes
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


def router() -> APIRouter:
    """`/static/<name>`; with `?v=` the answer may be kept for ever."""
    api = APIRouter()

    @api.get("/static/{name}")
    def static_file(name: str, request: Request, v: str | None = None) -> Response:
        found = _plotly() if name == PLOTLY else _own(name)
        if found is None:
            raise HTTPException(404, "No such file.")
        body, tag, kind, zipped = found
        headers = {"ETag": tag, "Cache-Control": FOR_EVER if v else ASK_AGAIN}
        if zipped:
            headers["Content-Encoding"] = "gzip"
            headers["Vary"] = "Accept-Encoding"
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=kind, headers=headers)

    return api


def static_url(name: str) -> str:
    """The address of a file, changing whenever its content does."""
    found = _own(name)
    return f"/static/{name}" + (f"?v={found[1].strip(chr(34))}" if found else "")


def stylesheets() -> list[str]:
    """Every stylesheet, the one with the tokens first."""
    names = sorted(path.name for path in FOLDER.glob("*.css"))
    return sorted(names, key=lambda name: name != "studio.css")


def _own(name: str) -> tuple[bytes, str, str, bool] | None:
    """A file of ours by name: looked up among the names that exist, never joined to a path."""
    path = {entry.name: entry for entry in FOLDER.iterdir() if entry.is_file()}.get(name)
    if path is None:
        return None
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    body = path.read_bytes()
    return body, _tag(body), kind, False


@lru_cache(maxsize=1)
def _plotly() -> tuple[bytes, str, str, bool]:
    """plotly.js as its Python wheel carries it, compressed once a process (4.8 MB to 1.5)."""
    from importlib.util import find_spec

    spec = find_spec("plotly")  # finds the folder without importing the package
    assert spec is not None and spec.submodule_search_locations is not None
    body = (Path(spec.submodule_search_locations[0]) / "package_data" / PLOTLY).read_bytes()
    return gzip.compress(body, 6), _tag(body), TYPES[".js"], True


def _tag(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
