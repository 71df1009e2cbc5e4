"""Start an encoder from a local Hugging Face folder. Nothing is ever downloaded."""

from pathlib import Path
from typing import Any

from mc3core.errors import InputError


def start_from(model: Any, folder: str, key: str) -> None:
    """Load the weights of `folder` into a transformers model of the shape our configuration gives.

    InputError where the folder holds none, where a shape differs, or where an entry of the model
    would stay as it was drawn at random.
    """
    if not (Path(folder) / "config.json").exists():
        raise InputError(f"{key}={folder} is no Hugging Face folder: it has no config.json.")
    try:
        loaded, report = type(model).from_pretrained(
            folder, config=model.config, local_files_only=True, output_loading_info=True
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(f"{key}={folder} does not fit the configured encoder: {error}") from error
    if report["missing_keys"]:
        missing = ", ".join(sorted(report["missing_keys"])[:8])
        raise InputError(f"{key}={folder} lacks weights of the configured encoder: {missing}.")
    model.load_state_dict(loaded.state_dict())
