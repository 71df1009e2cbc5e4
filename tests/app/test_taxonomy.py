"""The verb table and the long tail as the page asks for them: picked clips stand beside."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from annotation.csv_cells import unescape
from annotation.shares import wilson
from app.api import data, taxonomy
from app.context import AppContext, open_database
from app.workspace import open_workspace
from db.clips import add_clips
from db.labelling import BatchRule, create_batch, record_answers
from db.records import ClipRecord, ImportedAnswer

HOSTILE = '=HYPERLINK("http://x","y")'


def a_clip(number: int, verb: str | None, noun: str | None) -> ClipRecord:
    return ClipRecord(
        f"{number:016x}", "video", f"a{number}", "test", "#C C does it", float(number),
        number - 0.5, number + 1.0, "test", verb, noun, ("audio", "video", "text"),
    )  # fmt: skip


@pytest.fixture
def context(tmp_path: Path) -> Iterator[AppContext]:
    workspace = open_workspace(tmp_path / "w", create=True)
    database = open_database(workspace)
    yield AppContext(workspace, database)
    database.close()


@pytest.fixture
def client(context: AppContext) -> TestClient:
    app = FastAPI()
    for module in (data, taxonomy):
        app.include_router(module.router(context))
    return TestClient(app)


@pytest.fixture
def labelled(context: AppContext) -> None:
    """Ten washed cups, of which six are drawn (4 sound, 1 not, 1 split) and three are picked (all
    sound); two clips with a hostile verb, one without any."""
    clips = [a_clip(number, "wash", "cup") for number in range(10)]
    clips += [a_clip(10, HOSTILE, "@cup"), a_clip(11, HOSTILE, None), a_clip(12, None, None)]
    ids = [clip.clip_id for clip in clips]
    votes = ["yyy", "yyy", "yyn", "yyy", "nnn", "y"]
    with context.database.write() as session:
        add_clips(session, clips)
        drawn = create_batch(session, "drawn", ids[:6])
        picked = create_batch(session, "picked", ids[6:9], BatchRule(chosen="selection"))
        for batch, said in ((drawn, dict(zip(ids, votes, strict=False))),
                            (picked, dict.fromkeys(ids[6:9], "yyy"))):  # fmt: skip
            for person in range(3):
                answers = [
                    ImportedAnswer(f"P{person}", clip, {"y": "yes", "n": "no"}[words[person]])
                    for clip, words in said.items()
                    if person < len(words)
                ]
                record_answers(session, batch.id, answers)


@pytest.mark.usefixtures("labelled")
def test_shares_have_n_and_interval_and_picked_clips_stand_beside(client: TestClient) -> None:
    found = client.get("/api/taxonomy").json()
    assert (found["clips"], found["labelled"], found["selected"]) == (13, 5, 3)
    wash = found["verbs"][0]
    share = wilson(4, 5)
    assert (wash["verb"], wash["clips"]) == ("wash", 10)
    assert wash["sounds"] == [5, 0.8, round(share.low or 0, 4), round(share.high or 0, 4)]
    assert wash["unanimous"][:2] == [5, 0.8]
    assert wash["selected"][:2] == [3, 1.0]
    assert wash["nouns"] == [{"noun": "cup", "clips": 10}]
    assert found["verbs"][-1] == {
        "verb": None, "clips": 1, "sounds": [0, None, None, None],
        "unanimous": [0, None, None, None], "selected": [0, None, None, None], "nouns": [],
    }  # fmt: skip
    assert found["tail"]["groups"][0][:3] == ["wash", "cup", 10]
    assert (found["tail"]["for_half"], found["tail"]["singles"]) == (1, 3)


@pytest.mark.usefixtures("labelled")
def test_every_row_and_bar_opens_just_its_clips(client: TestClient) -> None:
    found = client.get("/api/taxonomy").json()
    for verb, noun, clips, *_ in found["tail"]["groups"]:
        query = {"verb": verb, "noun": noun}
        query |= {"without": "noun" if verb else "verb"} if not (verb and noun) else {}
        query = {name: value for name, value in query.items() if value}
        assert client.get("/api/clips", params=query).json()["total"] == clips
    assert client.get("/api/clips", params={"without": "drop table"}).status_code == 422


@pytest.mark.usefixtures("labelled")
def test_no_cell_of_the_csv_is_a_formula(client: TestClient) -> None:
    answer = client.get("/api/taxonomy/verbs.csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [unescape(row["verb"]) for row in rows] == ["wash", HOSTILE, ""]
    assert not any(cell[:1] in tuple("=+-@\t\r") and cell for row in rows for cell in row.values())
    assert (rows[0]["sounds_n"], rows[0]["sounds_share"]) == ("5", "0.8000")
    assert rows[2]["sounds_share"] == ""


def test_nothing_is_an_empty_table(client: TestClient) -> None:
    found = client.get("/api/taxonomy").json()
    assert (found["clips"], found["verbs"], found["tail"]["groups"]) == (0, [], [])
    assert client.get("/api/taxonomy/verbs.csv").text.startswith("verb,clips")
