"""Rows as Label Studio's tasks and back: one task a clip, one annotation an answer.

Label Studio refuses annotations by people it does not know, so `completed_by` is written only for
names that are e-mail addresses; everybody's name and all that was measured stand in the result's
`meta`, which it keeps. The project's labels need <Choices name="sounds" toName="clip"> with
the choices Yes, No, Unsure and Broken over <Video name="clip" value="$video">.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, cast

from annotation.export import COLUMNS, CellError, json_answer, read_answer
from annotation.label_rows import GivenAnswer
from annotation.labels import VALUES
from annotation.reading import WORDS

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CLIP_ID = re.compile(r"[0-9a-f]{16}")


def to_task(record: Mapping[str, Any]) -> dict[str, Any]:
    """A clip's record (see annotation.export) as a task with its annotations."""
    data = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in record.items()
        if name != "answers"
    }
    # Where Label Studio looks with local storage whose root is the workspace.
    data["video"] = f"/data/local-files/?d=media/{record['clip_id']}.mp4"
    return {"data": data, "annotations": [_annotation(answer) for answer in record["answers"]]}


def from_task(task: object) -> dict[str, Any]:
    """The record of a task of ours, or of any project that asks a yes/no choice of our clips.

    Cancelled annotations are left out, and of several by one person so are all but the last.
    Raises CellError.
    """
    found = _object(task, "the task")
    data = _object(found.get("data"), "its data")
    record = {name: data[name] for name in COLUMNS if data.get(name) is not None}
    record["clip_id"] = _clip_id(data)
    annotations: Any = found.get("annotations") or found.get("completions") or []
    if not isinstance(annotations, list):
        raise CellError("its annotations are no list")
    answers: dict[str, GivenAnswer] = {}
    for annotation in cast(list[Any], annotations):
        one = _object(annotation, "an annotation")
        if not one.get("was_cancelled"):
            answer = _answer(one)
            answers[answer.person] = answer
    if not all(answer.counted is not None for answer in answers.values()):
        # The counts were made before somebody else answered.
        record = {name: value for name, value in record.items() if name not in VALUES}
        record.pop("verdict", None)
    return {**record, "answers": [json_answer(_fields(answer)) for answer in answers.values()]}


def _fields(answer: GivenAnswer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in GivenAnswer.__slots__}


def _annotation(answer: Mapping[str, Any]) -> dict[str, Any]:
    said = json_answer(answer)
    annotation: dict[str, Any] = {
        "result": [
            {
                "id": said["uuid"],
                "from_name": "sounds",
                "to_name": "clip",
                "type": "choices",
                "origin": "manual",
                "value": {"choices": [said["value"].capitalize()]},
                "meta": {"sounding": said},
            }
        ],
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": said["answered_at"],
    }
    if said["decision_ms"] is not None:
        annotation["lead_time"] = said["decision_ms"] / 1000
    if _EMAIL.fullmatch(said["person"]):
        annotation["completed_by"] = {"email": said["person"]}
    return annotation


def _answer(annotation: Mapping[str, Any]) -> GivenAnswer:
    results: Any = annotation.get("result")
    choices = [
        one
        for one in (cast(list[Any], results) if isinstance(results, list) else [])
        if isinstance(one, Mapping) and cast(Mapping[str, Any], one).get("type") == "choices"
    ]
    if len(choices) != 1:
        raise CellError(f"an annotation has {len(choices)} choices, not one")
    said = choices[0].get("value", {}).get("choices")
    value = WORDS.get(str(said[0]).strip().lower()) if isinstance(said, list) and said else None
    if value is None:
        raise CellError(f"the choice is {said!r:.60}, not one of {', '.join(VALUES)}")
    meta: Any = choices[0].get("meta")
    ours: Any = cast(Mapping[str, Any], meta).get("sounding") if isinstance(meta, dict) else None
    if ours is not None:
        answer = read_answer(ours)
        # Somebody chose again over there: what was measured here is not about that choice.
        return answer if answer.value == value else GivenAnswer(answer.person, value)
    lead_time: Any = annotation.get("lead_time")
    return replace(
        read_answer(
            {
                "person": _person(annotation),
                "value": value,
                "answered_at": annotation.get("created_at"),
                "decision_ms": (
                    round(lead_time * 1000) if isinstance(lead_time, int | float) else None
                ),
            }
        ),
        uuid=None,
    )


def _person(annotation: Mapping[str, Any]) -> str:
    by: Any = annotation.get("completed_by", annotation.get("created_username"))
    if isinstance(by, dict):
        who = cast(dict[str, Any], by)
        by = who.get("email") or who.get("username") or who.get("id")
    if isinstance(by, int) and not isinstance(by, bool):
        return f"Label Studio {by}"
    if not isinstance(by, str) or not by.strip():
        raise CellError("an annotation does not say who made it (completed_by)")
    return by


def _clip_id(data: Mapping[str, Any]) -> str:
    """Named in the data, or else by a file that is named after the clip."""
    named = data.get("clip_id")
    if isinstance(named, str) and named:
        return named
    for value in data.values():
        if isinstance(value, str):
            stem = PurePosixPath(value.split("?d=")[-1].split("?")[0]).stem
            # Uploads get a prefix of their own: 1a2b3c4d-<name>.
            if _CLIP_ID.fullmatch(stem[-16:]):
                return stem[-16:]
    raise CellError("its data names no clip: it needs clip_id, or a file named after the clip")


def _object(found: object, what: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise CellError(f"{what} is {found!r:.40}, no object")
    return cast(Mapping[str, Any], found)
