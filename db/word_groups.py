"""What the verb table and the long tail are counted from: one query over all clips."""

from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from db.models import Batch, Clip, Slot, Withdrawal


@dataclass(frozen=True, slots=True)
class WordColumns:
    """N clips by column. `selected`: somebody picked it for labelling, it was not drawn."""

    clip_ids: tuple[str, ...]
    verbs: tuple[str | None, ...]
    nouns: tuple[str | None, ...]
    selected: tuple[bool, ...]


def words_of_clips(session: Session) -> WordColumns:
    """Every clip but those of withdrawn videos, labelled or not."""
    query = (
        select(Clip.clip_id, Clip.verb, Clip.noun, Batch.chosen)
        # One slot of each clip is enough: k = 1 is always there.
        .outerjoin(Slot, and_(Slot.clip_id == Clip.clip_id, Slot.k == 1))
        .outerjoin(Batch, Batch.id == Slot.batch_id)
        .where(Clip.video_uid.not_in(select(Withdrawal.video_uid)))
    )
    rows = session.execute(query).all()
    if not rows:
        return WordColumns((), (), (), ())
    clip_ids, verbs, nouns, chosen = zip(*map(tuple, rows), strict=True)
    return WordColumns(clip_ids, verbs, nouns, tuple(how == "selection" for how in chosen))
