"""What the verb table and the long tail are counted from: one query over all clips."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.clip_tables import Clip, Withdrawal
from db.label_tables import Batch, Slot


@dataclass(frozen=True, slots=True)
class WordColumns:
    """N clips by column. `selected`: somebody picked it for labelling, it was not drawn."""

    clip_ids: tuple[str, ...]
    verbs: tuple[str | None, ...]
    nouns: tuple[str | None, ...]
    selected: tuple[bool, ...]


def words_of_clips(session: Session) -> WordColumns:
    """Every clip but those of withdrawn videos, labelled or not."""
    picked = (
        select(Slot.clip_id)
        .join(Batch, Batch.id == Slot.batch_id)
        .where(Batch.chosen == "selection")
    )
    query = select(Clip.clip_id, Clip.verb, Clip.noun, Clip.clip_id.in_(picked)).where(
        Clip.video_uid.not_in(select(Withdrawal.video_uid))
    )
    # By the connection: as the session's own rows, 250,000 of them take twice as long.
    columns = tuple(zip(*session.connection().execute(query), strict=True))
    return WordColumns(*(columns or ((), (), (), ())))
