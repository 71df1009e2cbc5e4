"""Ctrl-C while processes start: the children never hear it, the parent does, afterwards."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from mc3core.ctrl_c import children_deaf

SLEEP = "import time; print('up', flush=True); time.sleep({})"


def test_a_child_started_inside_survives_what_ends_another() -> None:
    def start() -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            [sys.executable, "-c", SLEEP.format(1)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"
        return child

    with children_deaf():
        deaf = start()
    hearing = start()
    for child in (deaf, hearing):
        child.send_signal(signal.SIGINT)
    codes: list[int] = []
    for child in (deaf, hearing):
        child.communicate(timeout=30)
        codes.append(child.returncode)
    assert codes[0] == 0
    assert codes[1] != 0


@pytest.mark.parametrize("by_thread", [False, True])
def test_the_parent_hears_it_when_the_block_ends(by_thread: bool) -> None:
    reached = False
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), children_deaf():
        if by_thread:  # a thread that was there before takes the signal
            waiting = threading.Event()
            helper = threading.Thread(target=lambda: (unmask(), waiting.wait(5)))
            helper.start()
            signal.pthread_kill(helper.ident or 0, signal.SIGINT)
            waiting.set()
            helper.join()
        else:
            os.kill(os.getpid(), signal.SIGINT)
        reached = True
    assert reached
    assert signal.getsignal(signal.SIGINT) is before


def unmask() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
