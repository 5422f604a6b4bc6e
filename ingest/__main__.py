"""`python -m ingest`: read documents in, build the index, check the knowledge base."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from assistant.errors import AssistantError
from assistant.evidence import Authority
from ingest import commands

DONE, FAILED, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 all done, 1 something failed, 2 unusable arguments."""
    given = _parser().parse_args(arguments)
    try:
        done: bool = given.run(given)
    except AssistantError as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Stopped. What was stored stays; the index that served before still serves.")
        return FAILED
    return DONE if done else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ingest", description=__doc__)
    parser.add_argument("--data", type=Path, help="data folder (otherwise ASSISTANT_DATA, …)")
    what = parser.add_subparsers(required=True, metavar="COMMAND")

    build = what.add_parser("build", help="bring the passages and the index up to date")
    build.set_defaults(run=commands.run_build)

    rebuild = what.add_parser("rebuild", help="cut and check every document again, index anew")
    rebuild.set_defaults(run=commands.run_rebuild)

    add = what.add_parser("add", help="add files, and folders of files")
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    add.add_argument("--title", help="of a single file; otherwise as the file says")
    add.add_argument("--publisher", help="who published it")
    add.add_argument(
        "--authority",
        type=Authority,
        choices=list(Authority),
        help="who speaks; unless said, industry, which weighs least. Your own policies: local",
    )
    add.add_argument("--payer", help="payer id, where it holds for one payer only")
    add.add_argument("--url", help="where it stands")
    add.add_argument("--effective", type=date.fromisoformat, help="first day on which it holds")
    add.add_argument("--until", type=date.fromisoformat, help="last day on which it holds")
    add.add_argument("--source", help="id in sources.yaml, where it is one of those we cite")
    add.add_argument("--json", action="store_true", help="end with a summary on a line of JSON")
    add.set_defaults(run=commands.run_add)

    listing = what.add_parser("list", help="list the documents")
    listing.add_argument("--all", action="store_true", help="our own guides too")
    listing.set_defaults(run=commands.run_list)

    show = what.add_parser("show", help="show a document's passages, or one passage")
    show.add_argument("id")
    show.set_defaults(run=commands.run_show)

    remove = what.add_parser("remove", help="remove a document that was added")
    remove.add_argument("id")
    remove.set_defaults(run=commands.run_remove)

    _add_cms(what)

    check = what.add_parser("check", help="read the whole knowledge base and name every fault")
    check.set_defaults(run=commands.run_check)
    return parser


def _add_cms(what: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    cms = what.add_parser("cms", help="read CMS's own files in: NCCI edits, MUE, PPRRVU, GPCI")
    cms.add_argument("files", nargs="+", type=Path, metavar="FILE", help="as CMS publishes them")
    cms.add_argument("--check", action="store_true", help="show what would change; write nothing")
    cms.add_argument("--all", action="store_true", help="show every change")
    cms.add_argument("--smaller", action="store_true", help="take a table that has lost half")
    cms.set_defaults(run=_run_cms)
    tables = what.add_parser("tables", help="show how old each table is, or take a release out")
    tables.add_argument("--remove", metavar="RELEASE", help="a release that was read in")
    tables.set_defaults(run=_run_tables)
    for one in (cms, tables):
        one.add_argument("--tables", type=Path, help="folder (otherwise ASSISTANT_TABLES, …)")


def _run_cms(given: argparse.Namespace) -> bool:
    from ingest.cms.commands import run_cms

    return run_cms(given)


def _run_tables(given: argparse.Namespace) -> bool:
    from ingest.cms.commands import run_tables

    return run_tables(given)


if __name__ == "__main__":
    sys.exit(main())
