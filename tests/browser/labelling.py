"""A real labelling server for browser tests: real clips made here, our routes, a free port."""

import math
import socket
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import uvicorn
from fastapi import APIRouter, FastAPI
from numpy.typing import NDArray
from PIL import Image

from app.api import annotate, labelling, media, session, static
from app.context import AppContext
from app.security import guard
from app.settings import Settings
from app.workspace import open_workspace
from db.clips import add_clips
from db.engine import Database
from db.labelling import BatchRule, create_batch
from db.records import ClipRecord

RATE_HZ, FPS, SECONDS = 16000, 15, 1.5
NARRATIONS = (
    "#C C chops the onion with a knife",
    "#C C puts the mug on the counter",
    "#C C wipes the table with a cloth, then looks around the room for another clean one",
    "#O a man X opens the tap <b>slowly</b>",
    "#C C pours water into the pan",
    "#C C holds the phone",
    "#C C closes the drawer",
    "#C C stirs the soup",
)


@dataclass(frozen=True)
class Served:
    """A running server and its database."""

    address: str
    database: Database
    clips: tuple[str, ...]
    media: Path


def make_clip(path: Path, number: int, *, sound: bool = True, picture: bool = True) -> None:
    """An H.264/AAC clip of 1.5 s: a box that moves, and four taps of a tone of its own pitch."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        # Both streams exist before the first packet: the header is written with it.
        video = container.add_stream("h264", rate=FPS) if picture else None
        audio = container.add_stream("aac", rate=RATE_HZ, layout="mono") if sound else None
        if video is not None:
            video.width = video.height = 320
            video.pix_fmt = "yuv420p"
            for image in _pictures(number):
                container.mux(video.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
            container.mux(video.encode(None))
        if audio is not None:
            samples = _tone(number)
            for start in range(0, samples.shape[1], 1024):
                part = np.ascontiguousarray(samples[:, start : start + 1024])
                frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
                frame.sample_rate = RATE_HZ
                frame.pts = start
                container.mux(audio.encode(frame))
            container.mux(audio.encode(None))


def _pictures(number: int) -> Iterator[NDArray[np.uint8]]:
    for frame in range(int(FPS * SECONDS)):
        image = np.full((320, 320, 3), (208, 214, 205), np.uint8)
        image[200:] = (150, 128, 104)
        x = 30 + frame * 10
        image[120:220, x : x + 60] = ((60 + 25 * number) % 250, 90, 170)
        yield image


def _tone(number: int) -> NDArray[np.int16]:
    times = np.arange(int(RATE_HZ * SECONDS)) / RATE_HZ
    taps = np.exp(-12 * (times % 0.375))
    wave = 0.5 * taps * np.sin(2 * math.pi * (330 + 110 * number) * times)
    return (wave * 32767).astype(np.int16).reshape(1, -1)


def make_clips(folder: Path, count: int, flags: Sequence[tuple[str, ...]] = ()) -> list[ClipRecord]:
    """Clips with their rows; `flags` of the first ones decide what they lack."""
    rows: list[ClipRecord] = []
    for number in range(count):
        own = tuple(flags[number]) if number < len(flags) else ()
        clip_id = f"{number + 1:016x}"
        make_clip(
            folder / f"{clip_id}.mp4",
            number,
            sound="no_audio" not in own,
            picture="no_video" not in own,
        )
        poster = list(_pictures(number))[FPS // 2]
        Image.fromarray(poster).save(folder / f"{clip_id}.jpg")
        rows.append(
            ClipRecord(
                clip_id=clip_id,
                video_uid="kitchen",
                annotation_uid=f"a{number}",
                source="test",
                narration=NARRATIONS[number % len(NARRATIONS)],
                time_s=2.0 * number,
                start_s=2.0 * number,
                end_s=2.0 * number + SECONDS,
                split="test",
                verb=None,
                noun=None,
                modalities=("audio", "video", "text"),
                flags=own,
            )
        )
    return rows


@contextmanager
def serve(
    root: Path,
    clips: int = 8,
    *,
    flags: Sequence[tuple[str, ...]] = (),
    slots_per_clip: int = 3,
    batch: str | None = "kitchen-3",
    port: int = 0,
    first: Callable[[AppContext], APIRouter] | None = None,
) -> Generator[Served]:
    """Serve `/annotate` with its routes behind the guard, until the block ends.

    `first` gives routes that come before the others.
    """
    workspace = open_workspace(root, create=True)
    database = Database.open(workspace.database)
    rows = make_clips(workspace.media, clips, flags)
    ids = tuple(row.clip_id for row in rows)
    with database.write() as session_:
        add_clips(session_, rows)
        if batch is not None:
            create_batch(session_, batch, ids, BatchRule(slots_per_clip=slots_per_clip))
    context = AppContext(workspace, database, Settings())
    app = FastAPI()
    app.include_router(static.router())
    app.include_router(annotate.router())
    if first is not None:
        app.include_router(first(context))
    for module in (session, labelling, media):
        app.include_router(module.router(context))
    guard(app)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()  # a page that comes before the server's thread waits instead of failing
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield Served(address, database, ids, workspace.media)
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
        database.close()
