"""Truth files: every way to name a clip and say that it sounds, and every way to get it wrong."""

from pathlib import Path

import pytest

from mc3core.data.clips import Clip
from mc3core.errors import InputError
from mc3core.evaluation.truth import Truth, read_truth


def clip(name: str, video: str, annotation: str, time_s: float) -> Clip:
    return Clip(
        clip_id=name,
        video_uid=video,
        annotation_uid=annotation,
        source="s",
        narration="#C C cuts",
        time_s=time_s,
        start_s=time_s - 0.5,
        end_s=time_s + 1.0,
        split="test",
        verb=None,
        noun=None,
        modalities=("audio", "video", "text"),
    )


CLIPS = [clip("a", "v1", "n1", 1.0), clip("b", "v1", "n2", 2.5), clip("c", "v2", "n3", 1.0)]


def read(tmp_path: Path, text: str, clips: list[Clip] = CLIPS) -> Truth:
    path = tmp_path / "truth.csv"
    path.write_text(text, encoding="utf-8")
    return read_truth(path, clips)


@pytest.mark.parametrize(
    "text",
    [
        "annotation_uid,label\nn1,1\nn2,0\n",
        "annotation_uid,sounds\nn1,yes\nn2,no\n",
        "video_uid,timestamp_sec,label\nv1,1,1\nv1,2.500,0\n",
        "video_uid\ttimestamp_sec\tsounds\nv1\t1.0\tYES\nv1\t2.5\tno\n",
        "Annotation_UID;Label\nn1;1\nn2;0\n",
        'annotation_uid,label,note\nn1,1,"a\nb"\nn2,0,c\n',
        "\ufeffannotation_uid,video_uid,timestamp_sec,label,sounds\nn1,v1,9,1,\nn2,v1,9,0,\n",
    ],
)
def test_a_clip_is_named_by_uid_or_by_video_and_time(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == Truth({"a": True, "b": False}, unclear=0, unmatched=0)


def test_unclear_and_unknown_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    found = read(tmp_path, "annotation_uid,sounds\nn1,unclear\nn2,\nn3,yes\nn9,no\nn8,yes\n")
    assert found == Truth({"c": True}, unclear=2, unmatched=2)


def test_a_file_that_contradicts_itself_decides_nothing_for_that_clip(tmp_path: Path) -> None:
    assert read(tmp_path, "annotation_uid,label\nn1,1\nn1,0\nn2,1\nn2,1\n") == Truth(
        {"b": True}, unclear=1, unmatched=0
    )


def test_a_uid_that_stands_in_two_videos_is_told_apart_by_the_video(tmp_path: Path) -> None:
    clips = [clip("a", "v1", "n1", 1.0), clip("b", "v2", "n1", 1.0)]
    found = read(tmp_path, "annotation_uid,video_uid,label\nn1,v2,1\n", clips)
    assert found.labels == {"b": True}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("annotation_uid,label\n", "no rows"),
        ("annotation_uid,heard\nn1,1\n", "needs a column `label`"),
        ("video_uid,label\nv1,1\n", "needs a column `annotation_uid`"),
        ("annotation_uid,label\nn1,maybe\n", r"row 2: label is 'maybe', not 1 or 0"),
        ("annotation_uid,sounds\nn1,yes\nn2,loud\n", r"row 3: sounds is 'loud'"),
        ("video_uid,timestamp_sec,label\nv1,soon,1\n", r"row 2: timestamp_sec is 'soon'"),
        ("video_uid,timestamp_sec,label\n,,1\n", r"row 2, names no clip"),
        ("video_uid,timestamp_sec,label\nv1,nan,1\n", r"row 2: timestamp_sec is 'nan'"),
        ("video_uid,timestamp_sec,label\nv1,1e400,1\n", r"row 2: timestamp_sec is '1e400'"),
        ('annotation_uid,label,note\nn1,1,"two\nlines"\nn2,what,\n', r"row 4: label is 'what'"),
        (f"annotation_uid,label\n{'x' * 11_000_000},1\n", r"row 2: field larger"),
    ],
)
def test_what_is_wrong_is_named_with_its_row(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as raised:
        read(tmp_path, text)
    assert "truth.csv" in str(raised.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_truth(tmp_path / "nothing.csv", CLIPS)
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(InputError, match=r"binary\.csv needs a column"):
        read_truth(binary, CLIPS)
    with pytest.raises(InputError, match="cannot be read"):
        read_truth(tmp_path, CLIPS)
