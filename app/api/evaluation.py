"""Routes of *Evaluate*, and the one that starts the work behind *Explore* and *Evaluate*."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from app.api.jobs import job_json
from app.context import AppContext
from app.services.map_list import map_list, spaces_of
from app.services.paper_table import Which, paper_table
from app.services.reports import read_report, report_path, reported
from mc3core.errors import InputError
from mc3core.training.run_dir import RunDir, open_run

Split = Literal["test", "val", "train", "all"]


class ToExplore(BaseModel):
    """Which map to make."""

    run: str
    stage: str
    space: Literal["joint", "audio", "video", "text"] = "joint"
    clusters: Annotated[int, Field(ge=1, le=500)] = 20


class ToEvaluate(BaseModel):
    """What to score."""

    run: str
    stage: str
    split: Split = "test"


def router(context: AppContext) -> APIRouter:
    api = APIRouter()
    verdicts = context.verdicts

    @api.get("/api/evaluation")
    def runs() -> dict[str, Any]:
        found = map_list(context.workspace)
        for run in found["runs"]:
            run_dir = RunDir(context.workspace.runs / run["run"])
            for stage in run["stages"]:
                stage["reports"] = reported(run_dir, stage["stage"])
        return found | {"labelled": len(verdicts.latest().judged)}

    @api.get("/api/evaluation/paper")
    def paper(table: Which = "table2") -> dict[str, Any]:
        """One of the paper's tables, with the committed results of `sounding reproduce`."""
        try:
            return paper_table(table)
        except InputError as error:
            raise HTTPException(409, str(error)) from None

    @api.get("/api/evaluation/{run}/{stage}")
    def report(run: str, stage: str, split: Split = "test") -> dict[str, Any]:
        try:
            found = read_report(context.workspace, run, stage, split, verdicts.latest())
        except InputError as error:
            raise HTTPException(404, str(error)) from None
        return found or {"discovery": None, "retrieval": None, "cards": {}}

    @api.get("/api/evaluation/{run}/{stage}/{task}.json")
    def download(run: str, stage: str, task: str, split: Split = "test") -> FileResponse:
        try:
            path = report_path(context.workspace, run, stage, task, split)
        except InputError as error:
            raise HTTPException(404, str(error)) from None
        if not path.is_file():
            raise HTTPException(404, f"There is no {task} report on {split} yet.")
        return FileResponse(path, media_type="application/json", filename=f"{run}-{path.name}")

    @api.post("/api/explore")
    def explore(wanted: ToExplore) -> dict[str, Any]:
        _known(context, wanted.run, wanted.stage)
        if wanted.space not in spaces_of(RunDir(context.workspace.runs / wanted.run).config()):
            raise HTTPException(
                422, f"Run {wanted.run} has no {wanted.space} space: its method never reads it."
            )
        where = ("--run", wanted.run, "--stage", wanted.stage)
        choice = ("--space", wanted.space, "--clusters", str(wanted.clusters))
        return job_json(context.jobs.start("explore", [("explore", *where, *choice)]))

    @api.post("/api/evaluate")
    def evaluate(wanted: ToEvaluate) -> dict[str, Any]:
        _known(context, wanted.run, wanted.stage)
        where = ("--run", wanted.run, "--stage", wanted.stage, "--split", wanted.split)
        steps = [("evaluate", *where, "--task", task) for task in ("discovery", "retrieval")]
        return job_json(context.jobs.start("evaluate", steps))

    return api


def _known(context: AppContext, run: str, stage: str) -> None:
    """Only names of runs and stages that exist reach a command line."""
    try:
        open_run(context.workspace.runs, run, stage)
    except InputError as error:
        raise HTTPException(404, str(error)) from None
