"""Labelling in one place: batches, claims, answers, undo, verdicts, import.

Everything that changes something is called inside `Database.write()`, the rest in `read()`.
"""

from db.answering import AnswerError, NotAssignedError, answer, undo
from db.batches import (
    BatchRule,
    add_to_batch,
    any_batch,
    batch_by_name,
    clips_without_batch,
    count_without_batch,
    create_batch,
    list_batches,
    set_batch_state,
)
from db.claiming import LEASE, answered_by, claim, clips_left, person_progress, renew
from db.importing import record_answers
from db.mine import my_answers
from db.verdicts import judgements, newest, touched_since, verdicts

__all__ = [
    "LEASE",
    "AnswerError",
    "BatchRule",
    "NotAssignedError",
    "add_to_batch",
    "answer",
    "answered_by",
    "any_batch",
    "batch_by_name",
    "claim",
    "clips_left",
    "clips_without_batch",
    "count_without_batch",
    "create_batch",
    "judgements",
    "list_batches",
    "my_answers",
    "newest",
    "person_progress",
    "record_answers",
    "renew",
    "set_batch_state",
    "touched_since",
    "undo",
    "verdicts",
]
