"""The plan of a world: everything that is seen and heard, before a pixel or a sample exists.

All numbers are integers or decimals rounded when they were drawn, so a plan is the same JSON on
every machine. Times are seconds from the start of the video; levels are decibels above the
ambient sound (its RMS), measured over a sound's loudest 100 ms.
"""

from dataclasses import dataclass
from typing import Literal

from mc3core.world.law import DEFAULT, Law
from mc3core.world.vocabulary import Place

Region = Literal["I", "II", "III", "III_other", "IV", "mistimed"]
REGIONS: tuple[Region, ...] = ("I", "II", "III", "III_other", "IV", "mistimed")
WORLD_VERSION = 1
BEFORE_S = 0.5
AFTER_S = 1.0
TURN_S = 0.2


@dataclass(frozen=True, slots=True)
class Action:
    """Somebody does `verb` to `noun`, starting at `onset_s`, done at `end_s`; `force` in [0, 1]."""

    verb: str
    noun: str
    onset_s: float
    end_s: float
    force: float
    seed: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound at a level; `below_rest` means decibels under everything else (a masked sound)."""

    level_db: float
    below_rest: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine in view on one side of the table (-1 left, 1 right); `level_db` None is off."""

    kind: str
    side: int
    level_db: float | None


@dataclass(frozen=True, slots=True)
class Event:
    """A short sound from elsewhere that has nothing to do with anything in view."""

    kind: str
    time_s: float
    level_db: float


@dataclass(frozen=True, slots=True)
class Segment:
    """One narrated moment at one station of the wearer's way.

    `shown` is what the hands do in view, `shown_sound` its sound (None: it makes none);
    `unseen` is what somebody does out of view, always heard at `unseen_db`.
    """

    index: int
    seed: int
    start_s: float
    end_s: float
    time_s: float
    annotation_uid: str
    narration: str
    vague: bool
    verb: str
    noun: str
    label: int
    region: Region
    place: Place
    shown: Action | None
    shown_sound: Heard | None
    unseen: Action | None
    unseen_db: float | None
    machine: Machine | None
    event: Event | None
    loudness_db: float

    @property
    def window_s(self) -> tuple[float, float]:
        """Start and end of the narrated clip."""
        return round(self.time_s - BEFORE_S, 3), round(self.time_s + AFTER_S, 3)


@dataclass(frozen=True, slots=True)
class Wearer:
    """Colours (RGB) of the person who wears the camera."""

    skin: tuple[int, int, int]
    sleeve: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Video:
    """One recording: a wearer, a light, an ambient sound, and the stations visited."""

    uid: str
    index: int
    seed: int
    duration_s: float
    wearer: Wearer
    brightness: float
    warmth: float
    ambient: str
    segments: tuple[Segment, ...]

    def segment_at(self, t_s: float) -> Segment:
        """The segment whose time this is (the last one beyond the end)."""
        return next((s for s in self.segments if t_s < s.end_s), self.segments[-1])


@dataclass(frozen=True, slots=True)
class World:
    """A whole planned world."""

    seed: int
    clips: int
    videos: tuple[Video, ...]
    law: Law = DEFAULT

    @property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(segment for video in self.videos for segment in video.segments)
