"""Narration files in both layouts, whole and broken."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mc3core.data.ego4d import read_ego4d
from mc3core.data.narration import Narration
from mc3core.data.tables import read_csv
from mc3core.errors import InputError


def said(time_s: Any, text: Any, uid: Any = "u") -> dict[str, Any]:
    return {"timestamp_sec": time_s, "narration_text": text, "annotation_uid": uid}


VIDEOS = {
    "v1": {
        "status": "complete",
        "narration_pass_1": {"narrations": [said(3.5, "#C C b", "b"), said(1.5, "#C C a", "a")]},
        "narration_pass_2": {"narrations": [said("2.5", "#C C c", "c")], "summaries": []},
    },
    "v2": {"status": "redacted"},
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Any], Path]:
    def write(content: Any) -> Path:
        path = tmp_path / "narrations"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content)
            path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("layout", [VIDEOS, {"version": "1.0", "videos": VIDEOS}])
def test_both_layouts_and_both_passes_are_read(layout: Any, write: Callable[[Any], Path]) -> None:
    rows = read_ego4d(write(layout))
    assert [(r.annotation_uid, r.time_s, r.narration_pass) for r in rows] == [
        ("b", 3.5, "narration_pass_1"),
        ("a", 1.5, "narration_pass_1"),
        ("c", 2.5, "narration_pass_2"),
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("text alone", "bad row: narration 2"),
        (said(None, "#C C x"), "no timestamp"),
        (said(float("nan"), "#C C x"), "no timestamp"),
        (said(True, "#C C x"), "no timestamp"),
        (said(1.0, 7), "bad row: narration_text of narration 2"),
    ],
)
def test_a_bad_narration_costs_itself_alone(
    row: Any, problem: str, write: Callable[[Any], Path]
) -> None:
    rows = read_ego4d(write({"v": {"narration_pass_1": {"narrations": [said(1, "a"), row]}}}))
    assert len(rows) == 2
    assert rows[0].problem is None
    assert (rows[1].problem or "").startswith(problem)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"videos": {"v": {"narration_pass_1": {"narr', "cut off"),
        ("[1, 2]", "no table of videos"),
        ('{"videos": [1]}', '"videos"'),
        ("{}", "no narrations"),
        ('{"v": {"clips": []}}', "no narrations"),
        ("", "empty"),
        (b"\xff\xd8\xff\xe0 a picture", "JSON"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_a_narration_file_that_cannot_be_used_is_named(
    content: Any, message: str, write: Callable[[Any], Path]
) -> None:
    path = write(content)
    with pytest.raises(InputError, match=message) as raised:
        read_ego4d(path)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize("read", [read_ego4d, read_csv])
def test_a_missing_file_or_a_folder_is_named(
    read: Callable[[Path], list[Narration]], tmp_path: Path
) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(InputError, match=r"does not exist|cannot be read") as raised:
            read(path)
        assert str(raised.value).startswith(str(path))


def test_lone_surrogates_do_not_survive_reading(write: Callable[[Any], Path]) -> None:
    path = write('{"v\\ud800": {"narration_pass_1": {"narrations": [{"timestamp_sec": 1, '
                 '"narration_text": "#C C x \\udfff"}]}}}')  # fmt: skip
    (row,) = read_ego4d(path)
    assert row.video_uid == "v�"
    assert row.text == "#C C x �"


HEADER = "video_uid,timestamp_sec,narration_text"


@pytest.mark.parametrize(
    "content",
    [
        f'{HEADER}\nv,1.5,"#C C cuts, then stirs"\n',
        "narration_text;video_uid;extra;timestamp_sec\n#C C cuts, then stirs;v;;1.5\n",
        f"\ufeff{HEADER}\r\n".replace(",", "\t") + "v\t1.5\t#C C cuts, then stirs\r\n",
        f'{HEADER}\nv,1.5,"#C C cuts, then stirs"\n'.encode("utf-16"),
    ],
)
def test_a_table_is_read_as_people_save_it(content: Any, write: Callable[[Any], Path]) -> None:
    (row,) = read_csv(write(content))
    assert (row.video_uid, row.time_s, row.text) == ("v", 1.5, "#C C cuts, then stirs")
    assert row.annotation_uid.startswith("row-")


def test_rows_without_an_id_are_named_by_what_they_say(write: Callable[[Any], Path]) -> None:
    first = read_csv(write(f"{HEADER}\nv,1,a\nv,2,b\n"))
    later = read_csv(write(f"{HEADER}\nw,9,z\nv,2,b\nv,1,a\n"))
    assert {r.annotation_uid for r in first} < {r.annotation_uid for r in later}
    given = read_csv(write(f"{HEADER},annotation_uid\nv,1,a,my-id\n"))
    assert given[0].annotation_uid == "my-id"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("v,soon,#C C x", "bad row 3: timestamp_sec is 'soon'"),
        ("v,,#C C x", "no timestamp"),
        ("v,1e999,#C C x", "bad row 3: timestamp_sec"),
        (",1,#C C x", "bad row 3: no video_uid"),
        ("v,1,#C C cuts, stirs", "bad row 3: 4 columns"),
        ("v,1", "bad row 3: 2 columns"),
    ],
)
def test_a_bad_row_keeps_its_number_and_costs_itself_alone(
    line: str, problem: str, write: Callable[[Any], Path]
) -> None:
    rows = read_csv(write(f"{HEADER}\nv,1,a\n{line}\nv,2,b\n"))
    assert [row.problem is None for row in rows] == [True, False, True]
    assert (rows[1].problem or "").startswith(problem)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("video_uid,narration_text\nv,a\n", "lacks the column timestamp_sec"),
        ("a,b\n", "lacks the columns"),
        (HEADER + "\n", "no narrations"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "lacks the columns"),
    ],
)
def test_a_table_that_cannot_be_used_is_named(
    content: Any, message: str, write: Callable[[Any], Path]
) -> None:
    with pytest.raises(InputError, match=message):
        read_csv(write(content))
