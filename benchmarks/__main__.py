"""`python -m benchmarks [NAME…]`: run the benchmarks, all of them unless some are named."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import BENCHMARKS, is_known, measure
from benchmarks.folders import build_data

_WIDTH = 150  # columns, also where the output is no terminal


def main() -> int:
    """Print the table; a missed target is marked there and is no failure of the run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    names = parser.parse_args().names or list(BENCHMARKS)
    if unknown := [name for name in names if not is_known(name)]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")

    console = Console()
    console.width = max(console.width, _WIDTH)
    table = Table("benchmark", "what", "value", "target", "", box=None, header_style="bold")
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        data = Path(folder)
        build_data(data)
        for name in names:
            with console.status(name):
                for figure in measure(name, data):
                    mark = {True: "met", False: "MISSED", None: ""}[figure.met]
                    table.add_row(name, figure.what, figure.value, figure.target, mark)
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
