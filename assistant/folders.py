"""Where this copy keeps what it builds and what it is told."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]


def data_folder(environment: Mapping[str, str] | None = None) -> Path:
    """The data folder: ASSISTANT_DATA, `.data` in a checkout, or the user's own data folder."""
    given = (os.environ if environment is None else environment).get("ASSISTANT_DATA", "").strip()
    if given:
        return Path(given).expanduser().absolute()
    if (CHECKOUT / "pyproject.toml").is_file():
        return CHECKOUT / ".data"
    from platformdirs import user_data_path

    return user_data_path("therapy-coding-assistant")
