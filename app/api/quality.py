"""What annotators read, practise and pass: guideline, warm-ups, exam, and one word against a
check."""

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from annotation.exams import of_the_day
from app.access import signed_in
from app.api.clip_json import clip_json, known_json
from app.context import AppContext
from app.services.guideline import guideline_of
from db.check_records import ExamResult
from db.choices import playback_gain_db, time_zone
from db.disputes import dispute
from db.examples import examples
from db.qualification import answer_question, start_exam
from db.records import SignInRecord

Number = Annotated[int, Field(ge=1, lt=2**31)]


class DisputeRequest(BaseModel):
    """`assignment` is the one that the feedback named."""

    assignment: Number
    note: Annotated[str, Field(max_length=2000)] = ""


class QuestionRequest(BaseModel):
    exam: Number
    example: Number
    value: Literal["yes", "no", "unsure", "broken"]


def router(context: AppContext) -> APIRouter:
    api = APIRouter(prefix="/api")
    database = context.database
    asks = Depends(signed_in(database))

    @api.get("/guideline")
    def guideline(me: SignInRecord = asks) -> dict[str, Any]:
        found = guideline_of(database)
        with database.read() as session:
            worked = examples(session, "worked")
            gain_db = playback_gain_db(session)
        return {
            "gain_db": gain_db,  # of every clip that is heard in this sitting
            "version": found.version,
            "text": found.text,
            "examples": [known_json(one.clip, one.label, one.reason) for one in worked],
        }

    @api.get("/warmups")
    def warmups(me: SignInRecord = asks) -> dict[str, Any]:
        with database.read() as session:
            today = datetime.now(ZoneInfo(time_zone(session))).date()
            chosen = of_the_day(examples(session, "worked"), today)
        return {"clips": [known_json(one.clip, one.label, one.reason) for one in chosen]}

    @api.post("/disputes")
    def disputes(request: DisputeRequest, me: SignInRecord = asks) -> dict[str, Any]:
        with database.write() as session:
            return {"id": dispute(session, me.person.id, request.assignment, request.note)}

    @api.post("/exam")
    def exam(me: SignInRecord = asks) -> dict[str, Any]:
        with database.write() as session:
            found = start_exam(session, me.person.id)
        return {
            "exam": found.id,
            "pass_share": found.pass_share,
            "questions": [
                {"example": one.example, "clip": clip_json(one.clip), "value": one.value}
                for one in found.questions
            ],
        }

    @api.post("/exam/answers")
    def exam_answer(request: QuestionRequest, me: SignInRecord = asks) -> dict[str, Any]:
        with database.write() as session:
            found = answer_question(
                session, me.person.id, request.exam, request.example, request.value
            )
        return {
            "answered": found.answered,
            "total": found.total,
            "result": None if found.result is None else _result_json(found.result),
        }

    return api


def _result_json(result: ExamResult) -> dict[str, Any]:
    return {
        "passed": result.passed,
        "correct": result.correct,
        "total": result.total,
        "review": [
            known_json(one.clip, one.label, one.reason) | {"yours": one.yours}
            for one in result.review
        ],
    }
