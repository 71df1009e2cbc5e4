"""The pictures of many windows of one file, each decoded once, exactly as a full decode shows them.

Packets are read in order and decoded only where a window needs them: whole groups of pictures
without a wanted frame are stepped over (by a seek where a later key frame is known), and inside a
group unreferenced frames nobody asked for are skipped by the decoder. What comes out is bit-equal
to a plain decode of the file. A frame that does not decode leaves a hole; it is never made up.
"""

from __future__ import annotations  # PyAV's Packet takes no parameter at run time

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Generic, TypeVar

from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from mc3core.data.media import MediaFacts, open_media, origin_of, picture_stream, tick_of
from mc3core.data.packets import PacketReader, VideoPacket
from mc3core.data.windows import EPSILON_S, Window

T = TypeVar("T")
# Packets kept undecoded while a window may still need them; beyond that decoding is cheaper.
MAX_PENDING = 1500
# Codecs whose unreferenced frames the decoder may skip without touching any other frame.
SKIPPABLE = frozenset({"h264"})


@dataclass(frozen=True, slots=True)
class Shot(Generic[T]):
    """One picture on display from `time_s` until `until_s` (infinite for the last of the file)."""

    time_s: float
    until_s: float
    picture: T


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a window has no pictures. `at_odds`: frames came at times their packets did not state, so
    a plain decode may still find them."""

    reason: str
    at_odds: bool = False


Develop = Callable[[VideoFrame, float, float], T]
"""Turns a decoded frame, shown from a time until a time, into what the caller keeps of it."""


def read_pictures(
    path: Path,
    facts: MediaFacts,
    windows: Sequence[Window],
    develop: Develop[T],
    *,
    plain: bool = False,
) -> Iterator[list[Shot[T]] | Broken]:
    """For each window, in order, the shots on display in it, or why there are none.

    `windows` must be sorted by start and by end. Only the shots of windows that overlap are held
    at once. `plain` decodes everything and trusts the frames' own times.
    """
    with open_media(path) as container:
        stream = picture_stream(container)
        if stream is None or facts.pictures is None:
            return
        reader = PacketReader(container, stream, origin_of(container))
        planner = _Planner(stream, reader, facts, windows, develop)
        waiting, held = deque(windows), deque[Shot[T]]()
        for shot in planner.plain_shots() if plain else planner.shots():
            while waiting and waiting[0].end_s <= shot.time_s + EPSILON_S:
                yield planner.complete(waiting.popleft(), held)
            while held and (not waiting or held[0].until_s <= waiting[0].start_s + EPSILON_S):
                held.popleft()
            if not waiting:
                return
            held.append(shot)
        for window in waiting:
            yield planner.complete(window, held)


class _Planner(Generic[T]):
    def __init__(
        self,
        stream: VideoStream,
        reader: PacketReader,
        facts: MediaFacts,
        windows: Sequence[Window],
        develop: Develop[T],
    ) -> None:
        self._reader = reader
        self._decoder = stream.codec_context
        self._skippable = self._decoder.name in SKIPPABLE
        self._tick, self._origin = tick_of(stream), reader.origin_s
        self._facts = facts
        self._windows = windows
        self._starts = [window.start_s for window in windows]
        self._ends = [window.end_s for window in windows]
        self._develop = develop
        self._expected: dict[int, float] = {}  # pts of wanted frames in the decoder -> shown until
        self._errors = 0
        self._shown_s = float("-inf")

    def complete(self, window: Window, held: Sequence[Shot[T]]) -> list[Shot[T]] | Broken:
        """The shots that tile the window without a hole."""
        shots = [
            shot
            for shot in held
            if shot.time_s < window.end_s - EPSILON_S and shot.until_s > window.start_s + EPSILON_S
        ]
        at_s = window.start_s
        for shot in shots:
            if shot.time_s > at_s + EPSILON_S and shot.time_s > self._reader.first_s + EPSILON_S:
                break
            at_s = shot.until_s
        if shots and at_s >= window.end_s - EPSILON_S:
            return shots
        last_s = self._reader.last_s
        if last_s is not None and at_s >= last_s - EPSILON_S:
            return Broken(f"its pictures break off at {last_s:.2f} s")
        return Broken(f"the picture at {at_s:.2f} s does not decode", at_odds=not self._errors)

    def plain_shots(self) -> Iterator[Shot[T]]:
        """Every frame of the file, shown until the next one; a failed packet leaves a hole."""
        gap_s = 1 / self._facts.fps if self._facts.fps else 0.04
        time_s, errors = float("-inf"), 0
        before: tuple[VideoFrame, float] | None = None
        for packet in chain(self._reader.rest(), [None]):
            for frame in self._decode(packet):
                stated_s = 0.0 if frame.pts is None else self._seconds(frame.pts)
                if stated_s > time_s + EPSILON_S:
                    gap_s = min(gap_s, stated_s - time_s)
                    time_s = stated_s
                else:  # frames come in order: a time that goes back was a guess
                    time_s += gap_s
                if before is not None:
                    known_s = before[1] + gap_s
                    yield self._shot(*before, time_s if errors == self._errors else known_s)
                before, errors = (frame, time_s), self._errors
        if before is not None:
            yield self._shot(*before, self._end(before[1] + gap_s))

    def shots(self) -> Iterator[Shot[T]]:
        """The wanted frames in the order they are shown."""
        pending: list[VideoPacket] = []
        live = False  # whether the decoder holds frames of what came before
        poisoned = False  # whether a packet failed since the last key frame
        began_at = None  # pts of the key frame we began at; what shows before it needs what we left
        while (packet := self._reader.take()) is not None:
            if packet.is_keyframe and self._clean_start(packet):
                if pending:
                    if live:
                        yield from self._drain()
                    pending.clear()
                    live = False
                if not live:
                    landed = self._leap(packet)
                    if landed is None:
                        break
                    packet = landed
                    began_at = packet.pts
                poisoned = False
            pending.append(packet)
            if not self._wanted(packet):
                if self._over(packet):
                    break
                if len(pending) < MAX_PENDING:
                    continue
            for waiting in pending:
                if began_at is not None and (waiting.pts or 0) < began_at:
                    continue
                errors = self._errors
                yield from self._feed(waiting, trusted=not poisoned)
                poisoned = poisoned or self._errors > errors
            pending.clear()
            live = True
        yield from self._drain()

    def _clean_start(self, key: VideoPacket) -> bool:
        """Whether no wanted frame that follows a key frame in the file is shown before it."""
        return not any(
            (other.pts or 0) < (key.pts or 0) and self._wanted(other)
            for other in self._reader.ahead
        )

    def _leap(self, key: VideoPacket) -> VideoPacket | None:
        """Seek to a later key frame if nothing before it is wanted; None if nothing is left."""
        key_s = self._seconds(key.pts or 0)
        at = bisect_right(self._ends, key_s + EPSILON_S)
        if at == len(self._windows):
            return None
        return self._reader.leap(key, self._windows[at].start_s)

    def _wanted(self, packet: VideoPacket) -> bool:
        start_s, until_s = self._interval(packet)
        begun = bisect_left(self._starts, until_s - EPSILON_S)
        return begun > 0 and self._windows[begun - 1].end_s - EPSILON_S > start_s

    def _over(self, packet: VideoPacket) -> bool:
        """Whether no window needs this packet or any after it."""
        return self._seconds(packet.pts or 0) >= self._windows[-1].end_s and not any(
            map(self._wanted, self._reader.ahead)
        )

    def _interval(self, packet: VideoPacket) -> tuple[float, float]:
        start_s = self._seconds(packet.pts or 0)
        after = self._reader.successor(packet.pts or 0)
        if after is None:
            return start_s, self._end(start_s + (packet.duration or 0) * self._tick)
        return start_s, self._seconds(after)

    def _end(self, last_until_s: float) -> float:
        """When the last picture goes: never, where the file ends as it says it does."""
        span, fps = self._facts.pictures, self._facts.fps
        slack_s = max(span.tolerance_s, 2 / fps if fps else 0.0) if span else 0.0
        if span is None or span.end_s - last_until_s <= slack_s:
            return float("inf")
        return last_until_s

    def _feed(self, packet: VideoPacket, *, trusted: bool) -> Iterator[Shot[T]]:
        wanted = self._wanted(packet)
        if wanted and trusted and packet.pts is not None:
            self._expected[packet.pts] = self._interval(packet)[1]
        skip = self._skippable and not wanted
        self._decoder.skip_frame = "NONREF" if skip else "DEFAULT"
        errors = self._errors
        for frame in self._decode(packet):
            yield from self._shown(frame)
        if self._errors > errors and packet.pts is not None:
            self._expected.pop(packet.pts, None)

    def _drain(self) -> Iterator[Shot[T]]:
        for frame in self._decode(None):
            yield from self._shown(frame)
        self._decoder.flush_buffers()
        self._expected.clear()

    def _shown(self, frame: VideoFrame) -> Iterator[Shot[T]]:
        until_s = self._expected.pop(frame.pts, None) if frame.pts is not None else None
        # A frame shown out of order has a guessed time: leave a hole, a plain decode fills it.
        if until_s is not None and (time_s := self._seconds(frame.pts or 0)) > self._shown_s:
            self._shown_s = time_s
            yield self._shot(frame, time_s, until_s)

    def _decode(self, packet: VideoPacket | None) -> list[VideoFrame]:
        try:
            frames = self._decoder.decode(packet)
        except FFmpegError:
            self._errors += 1
            return []
        sound = [frame for frame in frames if not frame.is_corrupt]
        self._errors += len(frames) - len(sound)
        return sound

    def _shot(self, frame: VideoFrame, time_s: float, until_s: float) -> Shot[T]:
        return Shot(time_s, until_s, self._develop(frame, time_s, until_s))

    def _seconds(self, pts: int) -> float:
        return pts * self._tick - self._origin
