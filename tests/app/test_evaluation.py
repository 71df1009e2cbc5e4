"""`evaluate` on a real workspace: figures as scikit-learn has them, examples, marks."""

import csv
import json
import uuid
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from app.context import open_database
from app.services.evaluation import evaluate
from app.services.reports import read_report
from app.services.verdicts import VerdictBook, read_verdicts
from app.workspace import Workspace
from db.labelling import answer, batch_by_name, claim, create_batch, record_answers, undo
from db.people import ensure_person
from db.records import ImportedAnswer, NewAnswer
from mc3core.data.clips import MANIFEST_NAME, Clip, read_manifest
from mc3core.embeddings import load_embeddings
from mc3core.errors import InputError
from mc3core.training.run_dir import RunDir
from tests.app.workspaces import RUN, make_workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("evaluate") / "workspace", 96, media=0)


def clips_of(workspace: Workspace) -> list[Clip]:
    return read_manifest(workspace.cache / MANIFEST_NAME)


def labels_of(workspace: Workspace) -> dict[str, bool]:
    database = open_database(workspace)
    try:
        return read_verdicts(database).judged
    finally:
        database.close()


def write_truth(path: Path, rows: list[tuple[str, str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("annotation_uid", "sounds"), *rows])
    return path


def test_figures_on_the_test_split_equal_scikit_learns(workspace: Workspace) -> None:
    found = evaluate(workspace, RUN, "refine")
    labels = labels_of(workspace)
    rows = load_embeddings(RunDir(workspace.runs / RUN).stage("refine"))
    row_of = {clip_id: row for row, clip_id in enumerate(rows.clip_ids)}
    chosen = [
        clip
        for clip in clips_of(workspace)
        if clip.split == "test" and clip.clip_id in labels and "audio" in clip.modalities
    ]
    truth = [labels[clip.clip_id] for clip in chosen]
    at = [row_of[clip.clip_id] for clip in chosen]
    for name, other in (("av", "video"), ("al", "text")):
        scores = np.sum(rows.vectors["audio"][at] * rows.vectors[other][at], axis=1)
        assert found[f"{name}_roc_auc"] == pytest.approx(roc_auc_score(truth, scores))
        assert found[f"{name}_average_precision"] == pytest.approx(
            average_precision_score(truth, scores)
        )
        low, high = found[f"{name}_roc_auc_ci"]
        assert low <= found[f"{name}_roc_auc"] <= high
    assert found["av_positives"] + found["av_negatives"] == len(chosen)
    assert found["trained_on"] == 0
    assert Path(found["report"]).is_file()
    assert "clips" not in found


def test_examples_are_the_highest_silent_and_the_lowest_sounding_clips(
    workspace: Workspace,
) -> None:
    found = evaluate(workspace, RUN, "refine", split="all")
    table = json.loads(Path(found["report"]).read_text())["clips"]
    scored = {
        clip_id: (score, label)
        for clip_id, score, label in zip(table["clip_id"], table["av"], table["label"], strict=True)
        if score is not None
    }
    silent = sorted((score for score, label in scored.values() if not label), reverse=True)
    sounding = sorted(score for score, label in scored.values() if label)
    examples = found["examples"]["av"]
    assert [scored[i][0] for i in examples["false_alarms"]] == silent[:8]
    assert [scored[i][0] for i in examples["missed"]] == sounding[:8]
    assert [scored[i][0] for i in examples["sounding"]] == sounding[::-1][:8]
    assert [scored[i][0] for i in examples["silent"]] == silent[::-1][:8]
    assert found["trained_on"] > 0


def test_a_truth_file_decides_for_every_clip_it_names(workspace: Workspace, tmp_path: Path) -> None:
    strange = [clip for clip in clips_of(workspace) if clip.source == "kitchen20"]
    rows = [(clip.annotation_uid, "yes" if clip.verb != "look" else "no") for clip in strange]
    truth = write_truth(tmp_path / "truth.csv", [*rows, ("a0", "unclear"), ("nobody", "yes")])
    found = evaluate(workspace, RUN, "refine", truth=truth)
    assert found["split"] == "all"
    assert (found["n"], found["unclear"], found["unmatched"]) == (len(strange), 1, 1)
    assert found["labels_from"] == "truth.csv"
    assert found["unseen_sources"] == ["kitchen20"]


def test_one_kind_of_label_leaves_the_figures_undefined_and_says_why(
    workspace: Workspace, tmp_path: Path
) -> None:
    truth = write_truth(tmp_path / "truth.csv", [("a0", "yes"), ("a1", "yes")])
    found = evaluate(workspace, RUN, "refine", truth=truth)
    assert found["av_roc_auc"] is found["av_average_precision_ci"] is None
    assert found["av_undefined"]


def test_a_truth_file_of_other_clips_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "truth.csv", [("elsewhere", "yes")])
    with pytest.raises(InputError, match="decides about no clip of this workspace: 1 of its rows"):
        evaluate(workspace, RUN, "refine", truth=truth)


def test_an_unknown_task_or_split_is_named(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="no task 'guess'"):
        evaluate(workspace, RUN, "refine", "guess")
    with pytest.raises(InputError, match="no split 'tomorrow'"):
        evaluate(workspace, RUN, "refine", split="tomorrow")


def test_a_report_knows_when_people_have_answered_since(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace", 48, media=0)
    evaluate(workspace, RUN, "refine")
    evaluate(workspace, RUN, "refine", "retrieval")
    database = open_database(workspace)
    try:
        before = read_report(workspace, RUN, "refine", "test", read_verdicts(database))
        assert before is not None
        assert not before["discovery"]["stale"]
        assert before["retrieval"]["task"] == "retrieval"
        shown = before["discovery"]["examples"]["av"]["missed"]
        assert all(before["cards"][clip_id]["truth"] for clip_id in shown)
        new = next(
            clip
            for number, clip in enumerate(clips_of(workspace))
            if clip.split == "test" and clip.source == "world" and number % 10 == 7
        )
        with database.write() as session:
            batch = batch_by_name(session, "test")
            assert batch is not None
            people = ("Ada", "Ben", "Cem")
            record_answers(
                session, batch.id, [ImportedAnswer(name, new.clip_id, "yes") for name in people]
            )
        after = read_report(workspace, RUN, "refine", "test", read_verdicts(database))
        assert after is not None
        assert after["discovery"]["stale"]
        assert read_report(workspace, RUN, "align", "test", read_verdicts(database)) is None
    finally:
        database.close()


def test_the_book_of_verdicts_follows_every_answer_undo_and_new_batch(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace", 24, media=0)
    database = open_database(workspace)
    book = VerdictBook(database)
    assert book.latest() == read_verdicts(database)
    assert book.latest() is book.latest()
    with database.write() as session:
        dora = ensure_person(session, "Dora").id
        create_batch(session, "second", [clip.clip_id for clip in clips_of(workspace)])
    assert book.latest() == read_verdicts(database)
    with database.write() as session:
        (given, *_) = claim(session, dora, 2)
        answer(session, dora, NewAnswer(str(uuid.uuid4()), given.assignment, "yes"))
    said = book.latest()
    assert said.of[given.clip.clip_id].yes == read_verdicts(database).of[given.clip.clip_id].yes
    with database.write() as session:
        undo(session, dora, str(uuid.uuid4()))
    counts = {clip_id: (v.yes, v.no, v.missing) for clip_id, v in book.latest().of.items()}
    now = read_verdicts(database).of
    assert counts == {clip_id: (v.yes, v.no, v.missing) for clip_id, v in now.items()}
    assert counts[given.clip.clip_id][0] == said.of[given.clip.clip_id].yes - 1
    database.close()
