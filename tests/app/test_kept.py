"""Figures kept: computed once for what they are made from, older ones shown while newer are made."""

import threading

import pytest

from app.services import kept
from app.services.kept import Kept


def test_what_is_quick_is_computed_anew_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "PATIENCE_S", 60.0)
    book, calls = Kept(), list[int]()

    def compute() -> int:
        calls.append(1)
        return len(calls)

    assert [book.get("n", state, compute).value for state in (1, 1, 2, 2)] == [1, 1, 2, 2]


def test_what_is_slow_shows_the_older_figures_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "PATIENCE_S", -1.0)
    book, go, done = Kept(), threading.Event(), threading.Event()
    assert not book.get("n", 1, lambda: "old").stale

    def slow() -> str:
        go.wait(10)
        done.set()
        return "new"

    first, second = (book.get("n", 2, slow) for _ in range(2))
    assert (first.value, first.stale, second.value) == ("old", True, "old")
    go.set()
    done.wait(10)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(10)
    found = book.get("n", 2, slow)
    assert (found.value, found.stale) == ("new", False) and found.at > first.at


def test_a_failure_behind_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "PATIENCE_S", -1.0)
    book, tried = Kept(), threading.Event()
    book.get("n", 1, lambda: "old")

    def fails() -> str:
        tried.set()
        raise ValueError("no figures")

    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    assert book.get("n", 2, fails).stale and tried.wait(10)
    for _ in range(100):
        if not book.get("n", 2, lambda: "new").stale:
            return
        threading.Event().wait(0.05)
    raise AssertionError("the newer figures never came")
