"""Videos cut in parallel, one process a video, so that a file that crashes its decoder costs itself
alone. With one video or one worker the work is done right here."""

import multiprocessing
import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.synchronize import Event
from typing import Any

from mc3core.ctrl_c import children_deaf
from mc3core.data.one_video import VideoResult, VideoTask, cut_video

POLL_S = 0.25
CRASHED = "unreadable video: its decoder crashed"


class _Stopped(Exception):  # noqa: N818 (no error: an order)
    """The run was asked to end; what this video had is given up."""


class _Shared:
    """What a worker process shares with the one that started it."""

    cut: Any = None  # a counter of clips cut, for the progress bar
    stop: Event | None = None


def cut_videos(
    tasks: Sequence[VideoTask], workers: int | None, moved: Callable[[int], None]
) -> Generator[VideoResult]:
    """Results as videos finish. `moved` hears how many clips have been cut, several times a second.

    OSError where nothing can be written. Leaving the iterator early (an error, Ctrl-C) ends the
    workers at their next clip.
    """
    count = min(workers or len(os.sched_getaffinity(0)), len(tasks))
    if count > 1:
        yield from _in_processes(tasks, count, moved)
        return
    cut = 0

    def one_more() -> None:
        nonlocal cut
        cut += 1
        moved(cut)

    for task in tasks:
        yield _cut(task, one_more)


def _in_processes(
    tasks: Sequence[VideoTask], count: int, moved: Callable[[int], None]
) -> Generator[VideoResult]:
    context = multiprocessing.get_context("spawn")  # forking a threaded parent is unsafe
    counter, stop = context.Value("q", 0), context.Event()
    waiting = list(tasks)
    suspects = 0  # the first so many of `waiting` were being cut when a process died
    while waiting:
        batch = waiting[:1] if suspects else list(waiting)
        pool = ProcessPoolExecutor(min(count, len(batch)), context, _begin, (counter, stop))
        try:
            with children_deaf():  # the parent hears Ctrl-C and says stop
                running: dict[Future[VideoResult], VideoTask] = {
                    pool.submit(_run, task): task for task in batch
                }
            while running:
                done, _ = wait(running, POLL_S, FIRST_COMPLETED)
                moved(counter.value)
                for future in done:
                    result = future.result()
                    waiting.remove(running.pop(future))
                    yield result
            suspects -= 1 if suspects else 0
        except BrokenProcessPool:
            if suspects:
                suspects -= 1
                yield _refused(waiting.pop(0), CRASHED)
            else:
                suspects = min(count + 1, len(waiting))  # one is handed out ahead of time
        except BaseException:
            stop.set()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(counter: Any, stop: Event) -> None:
    _Shared.cut, _Shared.stop = counter, stop


def _run(task: VideoTask) -> VideoResult:
    return _cut(task, _count_one)


def _count_one() -> None:
    with _Shared.cut.get_lock():
        _Shared.cut.value += 1
    if _Shared.stop is not None and _Shared.stop.is_set():
        raise _Stopped


def _cut(task: VideoTask, each: Callable[[], None]) -> VideoResult:
    """Cut one video, calling `each` after every clip, and account for all that was asked of it."""
    try:
        for step in cut_video(task):
            if isinstance(step, VideoResult):
                return step
            each()
    except (OSError, _Stopped):
        raise  # nothing can be written, or the run ends: no fault of this file
    except Exception as error:  # whatever a strange file makes a library do, other files go on
        return _refused(task, f"unreadable video: {type(error).__name__}: {error}")
    return _refused(task, CRASHED)


def _refused(task: VideoTask, reason: str) -> VideoResult:
    return VideoResult(
        task.video_uid, None, refused={clip_id: reason for clip_id, _ in task.wanted}
    )
