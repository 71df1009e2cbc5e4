"""Choices of the lead that hold for everybody: the table `setting`."""

import json
from typing import Any

from sqlalchemy.orm import Session

from db.person_tables import Setting

TIME_ZONE = "time_zone"
PLAYBACK_GAIN = "playback_gain_db"


def chosen_value(session: Session, key: str, otherwise: Any) -> Any:
    """What was chosen, or `otherwise` where nobody has chosen yet."""
    row = session.get(Setting, key)
    return otherwise if row is None else json.loads(row.value)


def choose_value(session: Session, key: str, value: Any) -> None:
    """Choose; the last choice holds."""
    session.merge(Setting(key=key, value=json.dumps(value)))
    session.flush()


def time_zone(session: Session) -> str:
    """The IANA zone in which days begin and deadlines are told."""
    return str(chosen_value(session, TIME_ZONE, "UTC"))


def playback_gain_db(session: Session) -> float:
    """The gain at which everybody hears the clips, under the page's peak limit; each answer keeps
    the one it was heard at."""
    return float(chosen_value(session, PLAYBACK_GAIN, 0.0))
