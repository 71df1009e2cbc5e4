"""Tries of a secret: counted by name and by address, before they are made."""

import hashlib
import math
import unicodedata
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import HTTPException, Request

from app.throttle import Throttle, address_key


@dataclass
class Tried:
    """A try under way."""

    right: bool = False

    def was_right(self) -> None:
        self.right = True


class Tries:
    """At most so many wrong ones of a name, and from an address, within `window_s`."""

    def __init__(self, *, names: int, addresses: int, window_s: float) -> None:
        self._names = Throttle(names, window_s)
        self._addresses = Throttle(addresses, window_s)

    @contextmanager
    def one(self, request: Request, name: str | None = None) -> Generator[Tried]:
        """Raises 429 with Retry-After where there were too many; a right one counts for nothing."""
        taken: list[tuple[Throttle, str]] = []
        address = address_key(request.client.host if request.client else "")
        keys = [(self._addresses, address)]
        if name is not None:
            keys.append((self._names, _key(name)))
        for throttle, key in keys:
            if wait_s := throttle.take(key):
                for earlier, other in taken:
                    earlier.give_back(other)
                raise too_many(wait_s)
            taken.append((throttle, key))
        tried = Tried()
        yield tried
        if tried.right:
            for throttle, key in taken:
                throttle.give_back(key)


def too_many(wait_s: int) -> HTTPException:
    minutes = math.ceil(wait_s / 60)
    return HTTPException(
        429,
        f"Too many tries. Wait {minutes} minute{'' if minutes == 1 else 's'}, then try again.",
        {"Retry-After": str(wait_s)},
    )


def _key(name: str) -> str:
    """However it is spelt, whether or not somebody has it."""
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return hashlib.sha256(folded.encode("utf-8", "replace")).hexdigest()
