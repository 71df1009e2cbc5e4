"""Passwords: argon2id, a few at once, and the same time whether or not the name exists."""

import threading
import unicodedata
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200
_AT_ONCE = threading.BoundedSemaphore(2)  # each takes 64 MiB: a flood of tries must not take all
_IN_LINE = threading.BoundedSemaphore(24)  # nor every thread that serves requests
_HASHER = PasswordHasher()  # RFC 9106's low-memory parameters


class WeakPasswordError(ValueError):
    """A password that must not be used; the message says what to do."""


class BusyError(RuntimeError):
    """Too many passwords are being checked at this moment."""


def hashed(password: str, name: str = "") -> str:
    """What is kept of a new password. Raises WeakPasswordError."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise WeakPasswordError(f"Use a password of at least {SHORTEST} characters: a few words.")
    if len(plain) > LONGEST:
        raise WeakPasswordError(f"Use a password of at most {LONGEST} characters.")
    if len(set(plain)) < 4 or plain.casefold() == _plain(name).casefold():
        raise WeakPasswordError("This password is guessed at once: use a few words of your own.")
    with _turn():
        return _HASHER.hash(plain)


def matches(password_hash: str | None, password: str) -> bool:
    """None stands for a name without a password: as much work, and no."""
    if len(password) > 2 * LONGEST:
        return False
    with _turn():
        try:
            right = _HASHER.verify(password_hash or _nobody(), _plain(password))
        except (VerificationError, InvalidHashError):
            return False
    return right and password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with less work than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def rehashed(password: str) -> str:
    """The hash of a password that was right a moment ago, however short it is."""
    with _turn():
        return _HASHER.hash(_plain(password))


@contextmanager
def _turn() -> Generator[None]:
    if not _IN_LINE.acquire(blocking=False):
        raise BusyError("Many people sign in just now: try again in some seconds.")
    try:
        with _AT_ONCE:
            yield
    finally:
        _IN_LINE.release()


def _plain(password: str) -> str:
    """One form of what keyboards spell in several; NUL and lone surrogates become signs."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode("utf-8")


@cache
def _nobody() -> str:
    return _HASHER.hash("the password of nobody")
