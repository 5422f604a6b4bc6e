"""Where this copy keeps what it builds and what it is told."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import KnowledgeError

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


def local_folder(environment: Mapping[str, str] | None = None) -> Path | None:
    """The clinic's own folder, which ASSISTANT_LOCAL names; None where it names none.

    Raises:
        KnowledgeError: it names something that is not a folder.
    """
    given = (os.environ if environment is None else environment).get("ASSISTANT_LOCAL", "").strip()
    if not given:
        return None
    folder = Path(given).expanduser().absolute()
    if not folder.is_dir():
        raise KnowledgeError(
            f"ASSISTANT_LOCAL names {given}, which is not a folder: make it, or unset the variable."
        )
    return folder


def tables_folder(data: Path | None = None, environment: Mapping[str, str] | None = None) -> Path:
    """Where CMS's own tables stand once read in: ASSISTANT_TABLES, or `cms` in the data folder.

    Args:
        data: the data folder, where it is not the usual one.
        environment: the variables, where they are not the process's own.
    """
    given = (os.environ if environment is None else environment).get("ASSISTANT_TABLES", "").strip()
    if given:
        return Path(given).expanduser().absolute()
    return (data or data_folder(environment)) / "cms"
