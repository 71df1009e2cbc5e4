"""Train one run in this process, without a studio: what another process starts.

Example:
    python -m mc3core.training --cache workspace/cache --run-dir runs/first --preset demo
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from mc3core.config import build_config
from mc3core.errors import InputError, RunError
from mc3core.training.run_dir import RunDir


def main(arguments: list[str] | None = None) -> int:
    """Parse, train, and end with 0, 1 (failed) or 2 (bad input). The last line is the status."""
    parser = argparse.ArgumentParser(prog="python -m mc3core.training", description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="folder of decoded clips")
    parser.add_argument("--run-dir", type=Path, required=True, help="folder of this run")
    parser.add_argument("--method", default="mc3")
    parser.add_argument("--preset", default="scaled")
    parser.add_argument("--size", default="tiny")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --run-dir")
    given = parser.parse_args(arguments)
    try:
        overrides = dict(_setting(text) for text in given.settings)
        run_dir = RunDir(given.run_dir)
        from mc3core.training.trainer import fit, resume  # torch: only once the words are right

        if given.resume:
            status = resume(given.cache, run_dir)
        else:
            config = build_config(given.method, given.preset, given.size, overrides)
            status = fit(config, given.cache, run_dir)
    except (InputError, RunError) as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, InputError) else 1
    sys.stdout.write(json.dumps(asdict(status)) + "\n")
    return 0


def _setting(text: str) -> tuple[str, str]:
    key, found, value = text.partition("=")
    if not found:
        raise InputError(f"--set {text}: write it as key=value.")
    return key, value


if __name__ == "__main__":
    sys.exit(main())
