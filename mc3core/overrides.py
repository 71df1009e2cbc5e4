"""Strict reading and changing of nested frozen dataclasses: by dotted key, or from JSON.

A field that holds a tuple of dataclasses is addressed by their `name`: `stages.align.steps`.
"""

import json
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from mc3core.errors import InputError

T = TypeVar("T")


def override(config: T, overrides: Mapping[str, str], fixed: tuple[str, ...] = ()) -> T:
    """Set dotted keys to values given as text.

    InputError for an unknown key, with the keys there are, and for a value of the wrong kind.
    """
    known = {key: hint for key, hint in keys(config).items() if key not in fixed}
    for key, text in overrides.items():
        if key not in known:
            near = [name for name in known if name.endswith(f".{key}")]
            near = near or get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise InputError(f"Unknown key {key!r}.{hint} Keys: {', '.join(known)}.")
        config = _set(config, key.split("."), _parse(key, text, known[key]))
    return config


def keys(config: Any, prefix: str = "") -> dict[str, Any]:
    """Every dotted key below a dataclass, with its type."""
    hints, found = get_type_hints(type(config)), dict[str, Any]()
    for field in fields(config):
        value, key = getattr(config, field.name), f"{prefix}{field.name}"
        if is_dataclass(value):
            found |= keys(value, f"{key}.")
        elif isinstance(value, tuple):
            for part in _parts(value):
                found |= keys(part, f"{key}.{part.name}.")
        elif not (field.name == "name" and prefix):
            found[key] = hints[field.name]
    return found


def from_dict(kind: type[T], row: Any, where: str) -> T:
    """Build a dataclass from nested mappings; InputError lists missing and unknown keys."""
    if not isinstance(row, Mapping):
        raise InputError(f"{where} holds no object where {kind.__name__} belongs.")
    hints = get_type_hints(kind)
    # What later versions added has a default that means what the older ones did.
    parts: tuple[Any, ...] = fields(cast(Any, kind))
    needed = {f.name for f in parts if f.default is MISSING and f.default_factory is MISSING}
    missing, unknown = sorted(needed - row.keys()), sorted(row.keys() - hints.keys())
    if missing or unknown:
        raise InputError(
            f"{where} does not fit this version: missing {', '.join(missing) or 'nothing'}; "
            f"unknown {', '.join(unknown) or 'nothing'}."
        )
    return kind(**{n: _value(hint, row[n], where, n) for n, hint in hints.items() if n in row})


def _value(hint: Any, value: Any, where: str, name: str) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        return from_dict(hint, value, where)
    if get_origin(hint) is tuple and isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_value(get_args(hint)[0], part, where, name) for part in _parts(value))
    if not _fits(hint, value):
        raise InputError(f"{where} holds {json.dumps(value)[:60]} for {name}: a wrong kind.")
    return value


def _fits(hint: Any, value: Any) -> bool:
    """Whether a value read from JSON is of the kind that a field holds."""
    if get_origin(hint) in (Union, types.UnionType):
        return any(_fits(option, value) for option in get_args(hint))
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if not isinstance(hint, type):
        return False  # a list of parts
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, hint) and isinstance(value, bool) == (hint is bool)


def _parts(value: Any) -> tuple[Any, ...]:
    return value


def _set(config: Any, path: list[str], value: Any) -> Any:
    name, rest = path[0], path[1:]
    old = getattr(config, name)
    if isinstance(old, tuple):
        new = tuple(_set(p, rest[1:], value) if p.name == rest[0] else p for p in _parts(old))
        return replace(config, **{name: new})
    return replace(config, **{name: _set(old, rest, value) if rest else value})


def _parse(key: str, text: str, hint: Any) -> Any:
    """Turn `text` into what the field holds: a choice, number, switch, path, or none."""
    if get_origin(hint) in (Union, types.UnionType):
        options = get_args(hint)
        if type(None) in options and text.lower() in {"none", ""}:
            return None
        hint = next(option for option in options if option is not type(None))
    if get_origin(hint) is Literal:
        if text not in get_args(hint):
            raise InputError(f"{key}={text}: choose one of {', '.join(get_args(hint))}.")
        return text
    if hint is bool:
        if text.lower() not in {"true", "false", "yes", "no", "1", "0"}:
            raise InputError(f"{key}={text}: say true or false.")
        return text.lower() in {"true", "yes", "1"}
    try:
        value = hint(text)
    except ValueError:
        wanted = {"int": "a whole number", "float": "a number"}.get(hint.__name__, hint.__name__)
        raise InputError(f"{key}={text}: this must be {wanted}.") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise InputError(f"{key}={text}: this must be a finite number.")
    return value
