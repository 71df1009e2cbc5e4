"""Checks, guidelines and exams as small real routes, before the labelling ones of the studio."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel

from app.access import signed_in
from app.api import labelling
from app.api.labelling import AnswerRequest, ClaimRequest
from app.context import AppContext
from db.clips import clip_by_id
from db.records import SignInRecord


class Dispute(BaseModel):
    assignment: int
    note: str


class ExamAnswer(BaseModel):
    exam: int
    example: int
    value: Literal["yes", "no"]


@dataclass
class Contract:
    """What the studio knows and asks; a test changes it while the server runs."""

    guideline: dict[str, Any] | None = None
    warmups: list[dict[str, Any]] = field(default_factory=list)
    gold: dict[str, tuple[str, str]] = field(default_factory=dict)
    pause_after_gold: bool = False
    paused: str | None = None
    questions: dict[str, tuple[str, str]] = field(default_factory=dict)
    must_qualify: bool = False
    attempts: int = 0
    given: dict[int, str] = field(default_factory=dict)
    disputes: list[tuple[int, str]] = field(default_factory=list)
    stumbles: set[str] = field(default_factory=set)
    mine: dict[str, Any] = field(default_factory=dict)
    broken: tuple[int, str] | None = None  # a status and a sentence in place of every save
    gain_db: float | None = None
    said: list[AnswerRequest] = field(default_factory=list)

    def router(self, context: AppContext) -> APIRouter:
        api = APIRouter(prefix="/api")
        asks = Depends(signed_in(context.database))
        inner: dict[str, Callable[..., dict[str, Any]]] = {
            getattr(route, "path", ""): getattr(route, "endpoint")  # noqa: B009
            for route in labelling.router(context).routes
        }

        def told(clip_id: str) -> dict[str, Any]:
            with context.database.read() as session:
                clip = clip_by_id(session, clip_id)
            assert clip is not None
            return {
                "clip_id": clip_id,
                "narration": clip.narration,
                "flags": list(clip.flags),
                "duration_s": clip.end_s - clip.start_s,
            }

        def known(clip_id: str, label: str, reason: str) -> dict[str, Any]:
            return {**told(clip_id), "label": label, "reason": reason}

        @api.post("/claim")
        def claim(request: ClaimRequest, me: SignInRecord = asks) -> dict[str, Any]:
            if self.paused is not None:
                return {"clips": [], "paused": {"reason": self.paused}}
            if self.must_qualify:
                asked = {"questions": len(self.questions), "pass_share": 0.85}
                return {"clips": [], "qualify": {**asked, "attempts": self.attempts}}
            claimed = inner["/api/claim"](request, me)
            for item in claimed["clips"]:
                if self.gain_db is not None:
                    item["clip"]["gain_db"] = self.gain_db
            return claimed

        @api.post("/answers")
        def answer(request: AnswerRequest, me: SignInRecord = asks) -> dict[str, Any]:
            if self.broken is not None:
                raise HTTPException(*self.broken)
            if request.clip_id in self.stumbles:
                raise HTTPException(500, "The studio stumbles over this clip.")
            receipt = inner["/api/answers"](request, me)
            self.said.append(request)
            label, reason = self.gold.get(request.clip_id or "", (request.value, ""))
            if request.value != label:
                receipt["feedback"] = {
                    **known(request.clip_id or "", label, reason),
                    "assignment": request.assignment,
                    "yours": request.value,
                    "paused": self.pause_after_gold,
                }
            return receipt

        @api.get("/mine")
        def mine(limit: int = 50, me: SignInRecord = asks) -> dict[str, Any]:
            return {**inner["/api/mine"](limit, me), **self.mine}

        @api.post("/disputes")
        def dispute(request: Dispute, me: SignInRecord = asks) -> dict[str, Any]:
            self.disputes.append((request.assignment, request.note))
            return {}

        @api.get("/guideline")
        def guideline(me: SignInRecord = asks) -> dict[str, Any]:
            if self.guideline is None:
                raise HTTPException(404, "Not Found")
            return self.guideline

        @api.get("/warmups")
        def warmups(me: SignInRecord = asks) -> dict[str, Any]:
            clips = [known(w["clip_id"], w["label"], w["reason"]) for w in self.warmups]
            return {"clips": clips}

        @api.post("/exam")
        def exam(me: SignInRecord = asks) -> dict[str, Any]:
            questions = [
                {"example": n, "clip": told(clip_id), "value": self.given.get(n)}
                for n, clip_id in enumerate(self.questions)
            ]
            return {"exam": 1, "pass_share": 0.85, "questions": questions}

        @api.post("/exam/answers")
        def exam_answer(request: ExamAnswer, me: SignInRecord = asks) -> dict[str, Any]:
            self.given[request.example] = request.value
            total, done = len(self.questions), len(self.given)
            result = self._result(known) if done == total else None
            return {"answered": done, "total": total, "result": result}

        return api

    def _result(self, known: Callable[[str, str, str], dict[str, Any]]) -> dict[str, Any]:
        wrong = [
            {**known(clip_id, label, reason), "yours": self.given[n]}
            for n, (clip_id, (label, reason)) in enumerate(self.questions.items())
            if self.given[n] != label
        ]
        total = len(self.questions)
        correct = total - len(wrong)
        passed = correct / total >= 0.85
        self.attempts += 1
        self.given.clear()
        if passed:
            self.must_qualify, self.paused = False, None
        return {"passed": passed, "correct": correct, "total": total, "review": wrong}
