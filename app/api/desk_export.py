"""The labels as a file to keep: what `sounding labels export` writes, sent to the browser."""

import shutil
import tempfile
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from app.api.deeds import doer
from app.context import AppContext
from app.services.label_export import ExportRequest, export_labels
from db.audit import note
from db.columns import utc_now
from mc3core.errors import InputError

KINDS = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def add_to(api: APIRouter, context: AppContext) -> None:
    database = context.database
    by = Depends(doer(database))

    @api.get("/export")
    def export(
        format: Literal["csv", "parquet"] = "csv",
        batch: str | None = None,
        by_id: int | None = by,
    ) -> FileResponse:
        """Every clip with its answers, verdict and decision; of one batch, where it is named."""
        context.workspace.cache.mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="export-", dir=context.workspace.cache))
        path = folder / f"labels.{format}"
        try:
            report = export_labels(database, ExportRequest(path, format, batch))
        except InputError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise HTTPException(404, str(error)) from None
        told: dict[str, Any] = {"format": format, "batch": batch, "clips": report.clips}
        with database.write() as session:
            note(session, by_id, "labels exported", batch or "all batches", told)
        return FileResponse(
            path,
            media_type=KINDS[format],
            filename=f"labels-{utc_now():%Y%m%d-%H%M}.{format}",
            background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
        )
