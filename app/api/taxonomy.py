"""Routes of the verb table and the long tail."""

from typing import Any

from fastapi import APIRouter, Response

from annotation.shares import Share
from annotation.taxonomy import LongTail
from app.context import AppContext
from app.services.taxonomy import Taxonomy, taxonomy, verb_csv


def router(context: AppContext) -> APIRouter:
    api = APIRouter(prefix="/api/taxonomy")

    def now() -> Taxonomy:
        return taxonomy(context.database, context.verdicts.latest())

    @api.get("")
    def both() -> dict[str, Any]:
        found = now()
        return {
            "clips": found.clips,
            "labelled": found.labelled,
            "selected": found.selected,
            "verbs": [
                {
                    "verb": row.verb,
                    "clips": row.clips,
                    "sounds": _share(row.sounds),
                    "unanimous": _share(row.unanimous),
                    "selected": _share(row.selected),
                    "nouns": [{"noun": noun, "clips": count} for noun, count in row.nouns],
                }
                for row in found.verbs
            ],
            "tail": _tail(found.tail),
        }

    @api.get("/verbs.csv")
    def table() -> Response:
        return Response(
            verb_csv(now().verbs),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="verbs.csv"'},
        )

    return api


def _share(share: Share) -> list[float | int | None]:
    """[n, share, low, high]: short, because there are thousands."""
    return [share.total, *map(_rounded, (share.share, share.low, share.high))]


def _tail(tail: LongTail) -> dict[str, Any]:
    return {
        "for_half": tail.for_half,
        "singles": tail.singles,
        "groups": [
            [row.verb, row.noun, row.clips, _share(row.sounds), row.selected.total]
            for row in tail.groups
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
