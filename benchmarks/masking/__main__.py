"""`python -m benchmarks.masking`: recall by kind and precision on labelled notes, as a table."""

from __future__ import annotations

import argparse
import sys

from assistant import privacy
from benchmarks.masking import by_hand
from benchmarks.masking.clean import scenarios
from benchmarks.masking.measuring import Measured, measure
from benchmarks.masking.notes import SEED, notes
from benchmarks.masking.speed import speeds

HOW_MANY, CLEAN = 1_200, 2_000


def main() -> int:
    """Print the table; 1 where a code, minutes, an amount or a day of service was masked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.masking", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--speed", action="store_true", help="measure how long masking takes")
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    privacy.mask("warm")
    result = measure(ours, notes(HOW_MANY, options.seed))
    show(result, HOW_MANY)
    harmed = [(t, m.found) for t in scenarios(CLEAN, options.seed) if (m := privacy.mask(t)).found]
    print(f"clean scenarios with anything masked: {len(harmed)} of {CLEAN:,} (0)")
    written = measure(ours, by_hand.notes())
    touched = [(t, m.found) for t in by_hand.CLEAN if (m := privacy.mask(t)).found]
    print(
        f"by hand: {written.recall:.1f} % of {sum(written.held.values())} identifiers masked, "
        f"precision {written.precision:.1f} %; clean ones touched: {len(touched)} of "
        f"{len(by_hand.CLEAN)}"
    )
    if options.speed:
        print("\n".join(speeds()))
    if options.show:
        for shown in [*result.missed, *result.wrong, *result.harmed, *harmed, *written.missed]:
            print("   ", shown)
    return 1 if harmed or result.harmed else 0


def ours(text: str) -> list[tuple[int, int]]:
    """Where the assistant masks."""
    return [(s.start, s.end) for s in privacy.find(text)]


def show(result: Measured, how_many: int) -> None:
    """Print a masker's table."""
    print(f"{'kind':<26}{'held':>7}{'masked':>8}{'recall':>9}")
    for kind, held in sorted(result.held.items()):
        hidden = result.hidden[kind]
        print(f"{kind:<26}{held:>7}{hidden:>8}{100 * hidden / held:>8.1f} %")
        if other := result.elsewhere[kind]:
            gone = result.elsewhere_hidden[kind]
            print(
                f"{'  of them not in our lists':<26}{other:>7}{gone:>8}{100 * gone / other:>8.1f} %"
            )
    total, hidden = sum(result.held.values()), sum(result.hidden.values())
    print(f"{'all':<26}{total:>7}{hidden:>8}{result.recall:>8.1f} %")
    print(f"precision: {result.precision:.1f} % of {result.masked} masked stretches")
    print(f"codes, minutes, amounts, payers, days of service masked: {len(result.harmed)} (0)")
    p50, p95 = result.latency
    print(f"a note, ms: p50 {p50:.2f}, p95 {p95:.2f} ({how_many:,} notes)")


if __name__ == "__main__":
    sys.exit(main())
