"""Labels out and in again: the same bytes, from and into either engine; or nothing, and why."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from annotation import egovlp
from annotation.export import COLUMNS
from app.services.label_export import ExportRequest, Format, export_labels
from app.services.label_import import ImportReport, import_labels
from app.services.label_reading import Source
from db.clips import add_clips, add_videos
from db.engine import Database
from db.integrity import check
from db.labelling import create_batch, list_batches, verdicts
from db.people import list_people
from db.records import VideoRecord
from mc3core.errors import InputError
from tests.db.conftest import database, postgres
from tests.db.label_scene import NARRATIONS, clips_of_the_scene, make_scene

__all__ = ["database", "postgres"]  # fixtures: SQLite and PostgreSQL

FORMATS: tuple[tuple[Source, str], ...] = (
    ("csv", "a.csv"),
    ("parquet", "a.parquet"),
    ("hf", "a"),
    ("label-studio", "a.json"),
)
IDS = [clip.clip_id for clip in clips_of_the_scene()]
Importing = Callable[..., ImportReport]


@pytest.fixture
def scene(tmp_path: Path) -> Generator[Database]:
    with closing(Database.open(tmp_path / "scene.db")) as made:
        make_scene(made)
        yield made


def fill(empty: Database) -> Database:
    """The scene's clips, and nothing said about them."""
    with empty.write() as session:
        add_videos(session, [VideoRecord("video-0", "test", None, 61.25)])
        add_clips(session, clips_of_the_scene())
    return empty


@pytest.fixture
def fresh(tmp_path: Path) -> Generator[Database]:
    with closing(Database.open(tmp_path / "fresh.db")) as made:
        yield fill(made)


@pytest.fixture
def take(fresh: Database, tmp_path: Path) -> Importing:
    """Import this text, or these bytes."""

    def importing(text: str | bytes, name: str = "in.csv", **more: Any) -> ImportReport:
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / name).write_bytes(data)
        return import_labels(fresh, tmp_path / name, **more)

    return importing


def contents(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return {str(file.relative_to(path)): file.read_bytes() for file in files}


def export(database: Database, to: Path, format: Format = "csv", **more: Any) -> Path:
    export_labels(database, ExportRequest(to, format, **more))
    return to


def test_an_export_comes_back_byte_for_byte(
    scene: Database, database: Database, tmp_path: Path
) -> None:
    first = {name: export(scene, tmp_path / name, kind) for kind, name in FORMATS}
    fill(database)
    report = import_labels(database, first["a.csv"])
    assert (report.stored, report.surplus, report.adjudications) == (12, 1, 2)
    assert set(report.batches) == {"main, “first”", "=early", "picked"}
    for kind, name in FORMATS:
        again = export(database, tmp_path / f"again-{name}", kind)
        assert contents(again) == contents(first[name]), kind
    with database.read() as session:
        assert check(session) == []
        assert len(list_people(session)) == 5
    once_more = import_labels(database, first["a.parquet"])
    assert (once_more.stored, once_more.repeated, once_more.adjudications) == (0, 12, 0)


@pytest.mark.parametrize(("kind", "name"), FORMATS[1:])
def test_every_format_holds_everything(
    scene: Database, fresh: Database, tmp_path: Path, kind: Source, name: str
) -> None:
    import_labels(fresh, export(scene, tmp_path / name, kind), kind)
    expected = export(scene, tmp_path / "expected.csv").read_bytes()
    assert export(fresh, tmp_path / "found.csv").read_bytes() == expected


def test_clips_that_nobody_was_given_move_to_the_files_batches(
    scene: Database, fresh: Database, tmp_path: Path
) -> None:
    with fresh.write() as session:
        create_batch(session, "all clips", IDS)  # as an ingest does
    import_labels(fresh, export(scene, tmp_path / "a.csv"))
    with fresh.read() as session:
        found = {one.batch.name: one.clips for one in list_batches(session)}
    assert found == {"all clips": 2, "main, “first”": 6, "=early": 2, "picked": 2}
    again = export(fresh, tmp_path / "b.csv", batch="picked").read_bytes()
    assert again == export(scene, tmp_path / "c.csv", batch="picked").read_bytes()


def test_no_cell_runs_and_every_narration_is_there(scene: Database, tmp_path: Path) -> None:
    text = export(scene, tmp_path / "a.csv").read_bytes().decode()
    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert not [c for line in lines[1:] for c in line if c[:1] in "=+@\t\r" and c]
    table = pq.read_table(export(scene, tmp_path / "a.parquet", "parquet"))
    told: list[str] = table.column("narration").to_pylist()
    shown = [n.replace("\0", "\ufffd").replace("\ud83d", "?") for n in NARRATIONS]
    assert told == shown
    assert table.column_names == list(COLUMNS)


def test_filters(scene: Database, tmp_path: Path) -> None:
    def count(**more: Any) -> tuple[int, int]:
        report = export_labels(scene, ExportRequest(tmp_path / "f.csv", force=True, **more))
        return report.clips, report.answers

    assert count() == (10, 12)
    assert count(voices="counted") == (10, 8)
    assert [count(status=s)[0] for s in ("complete", "open", "tie", "adjudication")] == [4, 6, 0, 0]
    assert count(batch="picked", verb="wait")[0] == 0
    assert count(batch="picked")[0] == 2
    with pytest.raises(InputError, match=r"no batch “x”.*picked"):
        count(batch="x")
    with pytest.raises(InputError, match="--force"):
        export(scene, tmp_path / "f.csv")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_folder_with_other_files_is_never_replaced(scene: Database, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "letters.txt").write_text("dear")
    for kind in ("hf", "csv"):
        with pytest.raises(InputError, match=r"letters\.txt"):
            export(scene, home, kind, force=True)
    assert (home / "letters.txt").exists()


def test_the_tsv_has_egoclips_columns_and_only_decided_clips(
    scene: Database, tmp_path: Path
) -> None:
    path = export(scene, tmp_path / "a.tsv", "tsv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert tuple(rows[0]) == egovlp.COLUMNS
    assert [(row["clip_id"], row["positive"]) for row in rows] == [
        (IDS[0], "1.0"), (IDS[1], "0.0"), (IDS[6], "0.0"), (IDS[8], "1.0"),
    ]  # fmt: skip
    assert rows[0]["video_dur"] == "61.25"
    with pytest.raises(InputError, match="verdicts"):
        import_labels(scene, path, "csv")


def test_the_dataset_folder_says_what_is_in_it(scene: Database, tmp_path: Path) -> None:
    folder = export(scene, tmp_path / "a", "hf")
    front = yaml.safe_load((folder / "README.md").read_text(encoding="utf-8").split("---")[1])
    info = front["dataset_info"]
    assert [one["name"] for one in info["features"]] == list(COLUMNS)  # "yes" is no boolean
    splits = {one["name"]: one["num_examples"] for one in info["splits"]}
    assert splits == {"train": 4, "validation": 3, "test": 3}
    for one in front["configs"][0]["data_files"]:
        (file,) = folder.glob(one["path"])
        assert pq.read_metadata(file).num_rows == splits[one["split"]]
    # A second export may take its place.
    export(scene, folder, "hf", force=True)


def test_hugging_face_loads_it(scene: Database, tmp_path: Path) -> None:
    datasets: Any = pytest.importorskip("datasets", reason="datasets is not installed")
    folder = export(scene, tmp_path / "a", "hf")
    found = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert {name: len(rows) for name, rows in found.items()} == {
        "train": 4,
        "validation": 3,
        "test": 3,
    }


def test_a_plain_csv_of_answers_comes_in(take: Importing, fresh: Database, tmp_path: Path) -> None:
    lines = [
        "Clip_ID;person;value;note",
        f"{IDS[0]};Ada;Yes;x", f"{IDS[0]};Ben;0;", f"{IDS[0]};Cem;TRUE;", f"{IDS[0]};Dot;no;",
        f"{IDS[1]};Ada;can't tell;",
    ]  # fmt: skip
    text = "\ufeff" + "\r\n".join(lines)
    dry = take(text, dry_run=True)
    assert (dry.stored, dry.surplus, dry.batches) == (5, 1, ("imported",))
    with fresh.read() as session:
        assert list_people(session) == []
    assert take(text[1:].encode("utf-16"), "u.csv").stored == 5
    with fresh.read() as session:
        found = verdicts(session)
    assert (found[IDS[0]].yes, found[IDS[0]].no, found[IDS[0]].surplus) == (2, 1, 1)
    assert found[IDS[1]].unsure == 1
    assert take(text, batch="imported").repeated == 5


def test_a_plain_label_studio_project_comes_in(take: Importing) -> None:
    def annotation(who: Any, choice: str, **more: Any) -> dict[str, Any]:
        value = {"choices": [choice]}
        result = [{"type": "choices", "from_name": "q", "to_name": "v", "value": value}]
        return {"completed_by": who, "result": result, "lead_time": 1.5, **more}

    tasks: list[dict[str, Any]] = [
        {
            "id": 7,
            "data": {"video": f"/data/upload/3/1a2b3c4d-{IDS[0]}.mp4"},
            "annotations": [
                annotation(3, "Yes", created_at="2021-03-09T22:16:08.728353Z"),
                annotation({"id": 4, "email": "ben@example.org"}, "No"),
                annotation(5, "No", was_cancelled=True),
            ],
            "predictions": [],
        }
    ]
    report = take(json.dumps(tasks), "p.json")
    assert (report.stored, report.people) == (2, 2)
    tasks[0]["annotations"][0]["result"] = []
    with pytest.raises(InputError, match="row 1: an annotation has 0 choices"):
        take(json.dumps(tasks), "p.json")


PLAIN = "clip_id,person,value\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        (PLAIN, "no rows below its header"),
        ("id,name\n1,2\n", "must name clip_id, person, value"),
        (PLAIN + "00,Ada,yes\n", r"row 2: there is no clip 00 in this workspace"),
        (PLAIN + f"{IDS[0]},Ada,perhaps\n", "row 2: the value is 'perhaps'"),
        (PLAIN + f"{IDS[0]},,yes\n", "row 2: an answer names no person"),
        (PLAIN + f"{IDS[0]},Ada\n", "row 2: it has 2 columns where the first line has 3"),
        (PLAIN + f"{IDS[0]},Ada,yes\n{IDS[0]}, ADA,no\n", r"row 3: ADA answers .* \(also in row 2"),
        (PLAIN + f"{IDS[0]},{'x' * 61},yes\n", "row 2: the name .*60 characters"),
        (PLAIN + f'{IDS[0]},"Ada,yes\n', "row 2: unexpected end of data"),
        ((PLAIN + f"{IDS[0]},Zoë,yes\n").encode("latin-1"), r"not in UTF-8 \(line 2"),
        (b"PK\x03\x04rest", "workbook"),
        (b"PAR1rest", "--format parquet"),
    ],
)
def test_what_cannot_be_imported_is_named(
    take: Importing, fresh: Database, text: str | bytes, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        take(text)
    with fresh.read() as session:
        assert list_people(session) == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("in.json", "{", "no complete JSON"),
        ("in.json", '{"a": 1}', "no list of Label Studio tasks"),
        ("in.json", '[{"data": {"text": "x"}}]', "row 1: its data names no clip"),
        ("in.parquet", "PAR1", "no Parquet file"),
        ("in.txt", "x", "say what it is by --format"),
    ],
)
def test_so_is_a_file_of_another_tool(take: Importing, name: str, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        take(text, name)


def test_all_problems_are_counted_and_the_first_twenty_shown(take: Importing) -> None:
    rows = "".join(f"{number:02},Ada,yes\n" for number in range(30))
    with pytest.raises(InputError, match=r"30 problems.*nothing was imported.*first 20") as raised:
        take(PLAIN + rows + f"{IDS[0]},Ada,yes\n")
    assert str(raised.value).count(", row ") == 20


def test_a_changed_export_contradicts_itself(
    scene: Database, take: Importing, tmp_path: Path
) -> None:
    lines = _lines(scene, tmp_path)
    lines[1]["yes"], lines[1]["verdict"] = "3", "no"
    lines.append(lines[2])
    with pytest.raises(InputError) as raised:
        take(_text(lines))
    said = str(raised.value)
    assert "row 2: yes is 3, but 2 follows from its answers" in said
    assert "row 2: verdict is no, but yes follows" in said
    assert f"row 12: clip {IDS[1]} stands in row 3 already" in said
    assert "nothing was imported" in said


def test_a_file_that_contradicts_the_database_changes_nothing(
    scene: Database, tmp_path: Path
) -> None:
    before = export(scene, tmp_path / "before.csv").read_bytes()
    lines = _lines(scene, tmp_path)
    answers = json.loads(lines[3 + 1]["answers"])
    answers[0]["value"] = "yes"
    lines[4]["answers"] = json.dumps(answers)
    lines[4]["yes"], lines[4]["no"] = "1", "0"
    lines[2]["adjudicated"] = "yes"
    lines[9]["batch"] = "elsewhere"
    (tmp_path / "odd.csv").write_text(_text(lines), encoding="utf-8", newline="")
    with pytest.raises(InputError) as raised:
        import_labels(scene, tmp_path / "odd.csv")
    said = str(raised.value)
    assert "3 problems" in said
    assert f"row 5: =Ben said “no” here about clip {IDS[3]}, “yes” in the file" in said
    assert f"row 3: a lead decided “no” here about clip {IDS[1]}, “yes” in the file" in said
    assert "row 10" in said and "in the batch “picked”, not in “elsewhere”" in said
    assert export(scene, tmp_path / "after.csv").read_bytes() == before


def test_an_undone_word_may_be_given_again_and_a_lease_is_filled(
    scene: Database, tmp_path: Path
) -> None:
    text = PLAIN + f"{IDS[2]},Ana,no\n{IDS[4]},Ana,yes\n"
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    assert import_labels(scene, tmp_path / "in.csv").stored == 2
    with scene.read() as session:
        assert check(session) == []
        found = verdicts(session, [IDS[2], IDS[4]])
    assert (found[IDS[2]].no, found[IDS[4]].yes) == (1, 2)


def test_a_crash_half_way_leaves_nothing(
    scene: Database, fresh: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = export(scene, tmp_path / "a.csv")

    def fails(*_: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr("app.services.label_import.add_decisions", fails)
    with pytest.raises(sqlite3.OperationalError):
        import_labels(fresh, path)
    with fresh.read() as session:
        assert list_batches(session) == []
        assert list_people(session) == []


def _lines(database: Database, folder: Path) -> list[dict[str, str]]:
    """An export's lines by column; index 0 is the header, so that indices are row numbers - 1."""
    text = export(database, folder / "lines.csv").read_bytes().decode()
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    return [dict.fromkeys(COLUMNS, ""), *found]


def _text(lines: list[dict[str, str]]) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(COLUMNS), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines[1:])
    return file.getvalue()
