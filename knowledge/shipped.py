"""Read the YAML tables that come with the program."""

from pathlib import Path
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml reads eight times as fast (a start waits 0.2 s less), but others' files may crash it:
it has no limit for nesting. So it reads nothing but our own."""


def read(path: Path) -> Any:
    """What a file of ours holds."""
    loader = _Loader(path.read_text(encoding="utf-8"))
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()
