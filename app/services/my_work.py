"""A person's own figures: how quick today, and how many checks right."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.orm import Session

from annotation.pace import HOUR_S, RECENT_DAYS, days
from db.choices import time_zone
from db.gold_scores import gold_score
from db.my_pace import answer_times


def own_figures(session: Session, person_id: int) -> dict[str, Any]:
    """`per_hour` over the recent days, answers an hour of work; None before there is a pace."""
    zone = time_zone(session)
    now = datetime.now(ZoneInfo(zone))
    times = answer_times(session, person_id, now - timedelta(days=RECENT_DAYS))
    recent = days(np.array(times), zone)
    work_s = sum(day.work_s for day in recent)
    answers = sum(day.answers for day in recent)
    today_s = sum(day.work_s for day in recent if day.day == now.date())
    score = gold_score(session, person_id)
    return {
        "pace": {
            "per_hour": round(answers * HOUR_S / work_s, 1) if work_s > 0 else None,
            "minutes_today": round(today_s / 60, 1),
            "zone": zone,
        },
        "gold": {
            "right": score.yes,
            "total": score.total,
            "low": score.low,
            "high": score.high,
        },
    }
