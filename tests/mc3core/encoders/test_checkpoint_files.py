"""Checkpoint files of strangers: no code is run, damage is named, reading twice is cheap."""

import os
import pickle
import types
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import torch

from mc3core.encoders.weights import files
from mc3core.encoders.weights.files import read_checkpoint
from mc3core.encoders.weights.inert_pickle import Inert, read_inert
from mc3core.errors import InputError

KEY = "encoders.video.weights"
SYSTEM = vars(os)["system"]


class Malice:
    """Runs a command where a pickle is read carelessly."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, ...]:
        return (SYSTEM, (f"touch {self.marker}",))


def weights() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    whole = torch.randn(4, 6)
    return {
        "a.weight": whole,
        "a.transposed": whole.t(),
        "a.row": whole[2, 1:],
        "b.half": torch.randn(3).half(),
        "b.count": torch.tensor(7),
        "b.parameter": torch.nn.Parameter(torch.randn(2)),
    }


def unread(*_: object) -> None:
    pytest.fail("was unpickled again")


def same(found: dict[str, torch.Tensor]) -> bool:
    return found.keys() == weights().keys() and all(
        torch.equal(value, found[name]) for name, value in weights().items()
    )


@pytest.mark.parametrize("zipped", [True, False])
def test_tensors_of_either_format_are_read_as_they_are(zipped: bool, tmp_path: Path) -> None:
    path = tmp_path / "w.pth"
    torch.save(weights(), path, _use_new_zipfile_serialization=zipped)
    assert same(read_checkpoint(path, KEY).tensors)
    assert same(read_checkpoint(path, KEY).tensors)


def test_a_file_with_a_configuration_parser_gives_its_tensors(tmp_path: Path) -> None:
    # As EgoVLP's: a class of a package that is not here, with paths and containers in it.
    module = types.ModuleType("parse_config")
    parser = type("ConfigParser", (), {"__module__": "parse_config"})
    module.ConfigParser = parser  # pyright: ignore[reportAttributeAccessIssue]
    config: Any = parser()
    vars(config).update(save_dir=PurePosixPath("exps"), seen={1, 2}, inner=[parser()])
    path = tmp_path / "egovlp.pth"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "parse_config", module)
        torch.save({"config": config, "state_dict": weights(), "epoch": 9}, path)
    found = read_checkpoint(path, KEY)
    assert same(found.tensors)
    assert found.left_out == {"config": "beside the weights", "epoch": "beside the weights"}


@pytest.mark.parametrize("beside_weights", [True, False])
def test_a_command_in_a_file_is_not_run(beside_weights: bool, tmp_path: Path) -> None:
    marker, path = tmp_path / "was-run", tmp_path / "malice.pth"
    torch.save({"x": Malice(marker)} | ({"state_dict": weights()} if beside_weights else {}), path)
    if beside_weights:
        assert same(read_checkpoint(path, KEY).tensors)
    else:
        with pytest.raises(InputError, match="no weights"):
            read_checkpoint(path, KEY)
    assert isinstance(read_inert(path)["x"], Inert)
    assert not marker.exists()


def test_a_bare_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    marker, path = tmp_path / "was-run", tmp_path / "malice.bin"
    path.write_bytes(pickle.dumps({"x": Malice(marker)}))
    with pytest.raises(InputError, match=rf"{KEY}={path} cannot be read as a checkpoint"):
        read_checkpoint(path, KEY)
    assert not marker.exists()


def test_what_a_file_sets_on_a_function_or_class_stays_in_the_file(tmp_path: Path) -> None:
    names = (b"torch._utils\n_rebuild_tensor_v2", b"collections\nOrderedDict", b"os\nsystem")
    for number, name in enumerate(names):
        body = b"\x80\x02c" + name + b"\nN}X\x05\x00\x00\x00stateK\x01s\x86b."
        path = tmp_path / f"{number}.pth"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", body)
            archive.writestr("archive/version", "3\n")
        with pytest.raises(InputError):
            read_checkpoint(path, KEY)
    assert not hasattr(Inert, "state") and not hasattr(SYSTEM, "state")
    torch.save({"x": Inert, "state_dict": weights()}, tmp_path / "after.pth")
    assert same(read_checkpoint(tmp_path / "after.pth", KEY).tensors)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("name", ["w.pth", "w.safetensors"])
def test_a_file_cut_short_is_named(name: str, share: float, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    whole, path = tmp_path / "whole", tmp_path / name
    tensors = {"a": torch.randn(100, 100)}
    torch.save(tensors, whole) if name == "w.pth" else save_file(tensors, whole)
    data = whole.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(InputError, match=rf"{KEY}={path}.*(damaged|cut short)"):
        read_checkpoint(path, KEY)


def test_a_program_is_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "program.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("program/constants.pkl", b"")
        archive.writestr("program/data.pkl", pickle.dumps({}))
    with pytest.raises(InputError, match="TorchScript program"):
        read_checkpoint(path, KEY)


def test_a_file_is_converted_once_and_again_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.pth"
    torch.save(weights(), path)
    read_checkpoint(path, KEY)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["w.pth", "w.pth.safetensors"]
    with monkeypatch.context() as patch:
        patch.setattr(files, "_unpickled", unread)
        assert same(read_checkpoint(path, KEY).tensors)
    torch.save({"other": torch.ones(1)}, path)
    assert list(read_checkpoint(path, KEY).tensors) == ["other"]
    (tmp_path / "w.pth.safetensors").write_bytes(b"damaged")
    assert list(read_checkpoint(path, KEY).tensors) == ["other"]


def test_a_folder_that_cannot_be_written_is_read_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError("read-only")

    path = tmp_path / "w.pth"
    torch.save(weights(), path)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert same(read_checkpoint(path, KEY).tensors)
    assert [p.name for p in tmp_path.iterdir()] == ["w.pth"]
