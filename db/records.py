"""What leaves `db`: frozen rows, never ORM objects."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")

PersonKind = Literal["human", "simulated"]
Role = Literal["annotator", "researcher", "lead", "admin"]  # each may what those before it may
BatchState = Literal["open", "paused", "closed"]
Chosen = Literal["random", "stratum", "selection"]
JobState = Literal["queued", "running", "finished", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows `offset` ... of a longer list of `total` rows."""

    rows: tuple[T, ...]
    total: int
    offset: int


@dataclass(frozen=True, slots=True)
class PersonRecord:
    id: int
    name: str
    kind: PersonKind
    role: Role = "annotator"
    removed: bool = False


@dataclass(frozen=True, slots=True)
class SignInRecord:
    """Who a cookie belongs to, and the batch it was opened for (None: any open batch)."""

    person: PersonRecord
    batch_id: int | None


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """A person as the list of accounts shows them; without `password` they cannot sign in."""

    person: PersonRecord
    password: bool
    created_at: datetime
    sessions: int


@dataclass(frozen=True, slots=True)
class InvitationRecord:
    """An open invitation; `name` is set where it is for one person, who exists already."""

    id: int
    role: Role
    name: str | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """Somebody did something; `by` is None for the command line and where nobody had to sign in."""

    id: int
    at: datetime
    by_id: int | None
    by: str | None
    action: str
    subject: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ClipRecord:
    """Mirrors the manifest's `Clip`; times are seconds in the video."""

    clip_id: str
    video_uid: str
    annotation_uid: str
    source: str
    narration: str
    time_s: float
    start_s: float
    end_s: float
    split: str
    verb: str | None
    noun: str | None
    modalities: tuple[str, ...]
    flags: tuple[str, ...] = ()

    @property
    def withdrawn(self) -> bool:
        """Its wearer asked for it to go: nothing of it can be played or read."""
        return "withdrawn" in self.flags


@dataclass(frozen=True, slots=True)
class ClipFilter:
    """Which clips a page shows; None means all. `text` is looked for in the narration; `without`
    a verb, or a noun."""

    video_uid: str | None = None
    split: str | None = None
    verb: str | None = None
    noun: str | None = None
    flag: str | None = None
    source: str | None = None
    text: str | None = None
    without: Literal["verb", "noun"] | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many clips each value has, most first; what the filters of the Data page offer."""

    splits: dict[str, int]
    verbs: dict[str, int]
    nouns: dict[str, int]
    flags: dict[str, int]
    sources: dict[str, int]


@dataclass(frozen=True, slots=True)
class VideoRecord:
    video_uid: str
    source: str
    file_name: str | None = None
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class VideoSummary:
    """A video with what became of its narrations."""

    video: VideoRecord
    split: str | None
    clips: int
    dropped: int
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DroppedRecord:
    video_uid: str
    annotation_uid: str
    reason: str
    narration: str
    time_s: float | None


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """`slots_per_clip` people answer each clip; figures from one person say "one rater".

    `chosen`: how its clips were picked. `early_stop` and `full_share`: see annotation.protocol.
    """

    id: int
    name: str
    slots_per_clip: int
    order_seed: int
    state: BatchState
    created_at: datetime
    chosen: Chosen = "random"
    early_stop: bool = False
    full_share: float = 1.0
    everyone: bool = True
    owner_id: int | None = None
    deadline: datetime | None = None
    note: str = ""

    @property
    def one_rater(self) -> bool:
        return self.slots_per_clip == 1


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """Where a batch stands: clips with all slots filled, and slots by state. `looked_at` clips
    are not complete, and somebody holds a slot of theirs."""

    batch: BatchRecord
    clips: int
    complete: int
    slots: int
    filled: int
    held: int
    looked_at: int = 0


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """One person's own work over the open batches: clips answered, and clips still there to do."""

    done: int
    left: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A clip given to a person until `lease_until`."""

    assignment: int
    clip: ClipRecord
    batch: BatchRecord
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """What the browser says about one key press; times and counts are the browser's own.

    `clip_id`, where given, must be the assignment's: a second lock against a mix-up.
    """

    client_uuid: str
    assignment: int
    value: str
    clip_id: str | None = None
    plays: int = 0
    heard: bool = False
    volume: float | None = None
    rate: float | None = None
    decision_ms: int | None = None
    shown_at: datetime | None = None
    studio_version: str = ""
    reasons: tuple[str, ...] = ()
    guideline_version: int | None = None
    gain_db: float | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """A gold clip was answered otherwise than it is known: what is right, and why."""

    assignment: int
    clip: ClipRecord
    yours: str
    label: str
    reason: str
    paused: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """An answer is on disk. `counted`: it fills a slot. `repeated`: it was here already."""

    client_uuid: str
    assignment: int
    value: str
    counted: bool
    repeated: bool
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class MyAnswer:
    """One of a person's own answers, as "my work" shows it. `told`: it was a check answered wrong,
    whose answer stays."""

    client_uuid: str
    assignment: int
    value: str
    answered_at: datetime
    clip: ClipRecord
    reasons: tuple[str, ...] = ()
    told: bool = False


@dataclass(frozen=True, slots=True)
class ImportedAnswer:
    """One finished answer from elsewhere; without a UUID it gets one of person and clip.

    `counted`: True or False as it was there, None to take a place where one is there. `kind` and
    `studio_version` are the import's own where they are None, `answered_at` its time.
    """

    person: str
    clip_id: str
    value: str
    decision_ms: int | None = None
    shown_at: datetime | None = None
    client_uuid: str | None = None
    counted: bool | None = None
    answered_at: datetime | None = None
    reasons: tuple[str, ...] = ()
    plays: int = 0
    heard: bool = False
    volume: float | None = None
    rate: float | None = None
    gain_db: float | None = None
    guideline_version: int | None = None
    studio_version: str | None = None
    kind: PersonKind | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of imported rows; they add up to the rows given."""

    stored: int
    surplus: int
    repeated: int
    unknown_clips: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A process the studio started; `done` of `total` units of its present task."""

    id: str
    kind: str
    argv: tuple[str, ...]
    state: JobState
    created_at: datetime
    pid: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    done: int = 0
    total: int = 0
    detail: str = ""
    message: str = ""
