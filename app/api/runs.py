"""Routes of the Train page: methods, runs, curve points, start, stop, resume."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field

from app.api.jobs import job_json
from app.context import AppContext
from app.services import methods, runs, training
from app.services.runs import RunView
from mc3core.config import RunConfig
from mc3core.errors import InputError

MAP_SPACE = "joint"


class RunRequest(BaseModel):
    """What to train; `settings` are dotted keys of the configuration."""

    method: str = "mc3"
    preset: str | None = None
    size: str | None = None
    seed: Annotated[int | None, Field(ge=0, lt=2**31)] = None
    settings: dict[str, str] = {}

    def config(self) -> RunConfig:
        return training.configuration(self.method, self.preset, self.size, self.seed, self.settings)


def router(context: AppContext) -> APIRouter:
    api = APIRouter(prefix="/api")
    workspace = context.workspace

    @api.get("/methods")
    def all_methods() -> dict[str, Any]:
        return {"methods": methods.method_table()}

    @api.get("/runs")
    def all_runs() -> dict[str, Any]:
        return {"runs": [_json(view) for view in runs.list_runs(workspace)]}

    @api.post("/runs/estimate")
    def estimate(request: RunRequest) -> dict[str, Any]:
        """Steps and seconds of what is asked; while a person is typing, a problem is an answer."""
        try:
            config = request.config()
            clips = training.train_clips(workspace, config.method)
        except InputError as error:
            return {"problem": str(error)}
        return {
            "train_clips": clips,
            "steps": runs.total_steps(config, clips),
            "seconds": runs.estimate_s(workspace, config, clips),
            "batch_size": config.batch_size,
            "stages": [stage.name for stage in config.stages],
        }

    @api.post("/runs")
    def start(request: RunRequest) -> dict[str, Any]:
        with _said():
            run_dir = training.prepare(workspace, request.config())
            training.launch(workspace, run_dir)
        return _json(runs.run_view(workspace, run_dir.run))

    @api.get("/runs/{run}")
    def one(run: str) -> dict[str, Any]:
        with _said(404):
            view = runs.run_view(workspace, run)
            config = runs.find_run(workspace, run).config()
        return {**_json(view), "config": config}

    @api.get("/runs/{run}/metrics")
    def metrics(run: str, from_step: Annotated[int, Query(ge=0)] = 0) -> dict[str, Any]:
        with _said(404):
            view = runs.run_view(workspace, run)
            points = runs.metrics(runs.find_run(workspace, run), from_step)
        return {**points, "run": _json(view)}

    @api.post("/runs/{run}/stop")
    def stop(run: str) -> dict[str, Any]:
        with _said(404):
            training.stop(workspace, run)
            return _json(runs.run_view(workspace, run))

    @api.post("/runs/{run}/resume")
    def resume(run: str) -> dict[str, Any]:
        with _said():
            training.launch(workspace, training.reopen(workspace, run))
            return _json(runs.run_view(workspace, run))

    @api.post("/runs/{run}/map")
    def make_map(run: str) -> dict[str, Any]:
        """Embeddings, clusters and map, and scores, one after the other."""
        with _said(404):
            view = runs.run_view(workspace, run)
        if not view.stages:
            raise HTTPException(409, f"Run {run} has no checkpoint yet: let it train first.")
        return job_json(context.jobs.start("map", map_steps(run, view.stages[-1])))

    return api


def map_steps(run: str, stage: str) -> list[tuple[str, ...]]:
    """The commands that fill Explore and Evaluate for one run."""
    named = ("--run", run, "--stage", stage)
    return [
        ("embed", *named),
        ("explore", *named, "--space", MAP_SPACE),
        ("evaluate", *named, "--task", "discovery"),
        ("evaluate", *named, "--task", "retrieval"),
    ]


@contextmanager
def _said(status: int = 422) -> Generator[None]:
    """Bad input becomes an answer with its own sentence."""
    try:
        yield
    except InputError as error:
        raise HTTPException(status, str(error)) from None


def _json(view: RunView) -> dict[str, Any]:
    return {**asdict(view), "run": view.status.run, "active": view.active}
