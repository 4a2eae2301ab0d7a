"""``python -m tests.bench`` prints the README's tables; with the name of one, such as ``eager``, that alone.

Names of rows behind that, such as ``compiled garch kalman``, leave out the others.
"""

from __future__ import annotations

import argparse

from tests.bench import costs, limits, live, pictures, ready, tables

TABLES = (tables.MICROGPT, tables.EAGER, tables.COMPILED, tables.MODELS)
ROWS = sorted({work for table in TABLES for work in table.rows})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = [*dict.fromkeys([table.name for table in TABLES]), "ready", "costs", "pictures", "live"]
    parser.add_argument("what", nargs="?", choices=names, help="all unless told")
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], metavar="row", help=f"of {', '.join(ROWS)}")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each loop, of which the median counts")
    arguments = parser.parse_args()
    print(tables.machine())
    for table in TABLES:
        if arguments.what in (None, table.name):
            tables.show(table, arguments.repeats, arguments.rows)
    if arguments.what in (None, "ready"):
        ready.show(arguments.repeats)
    if arguments.what in (None, "costs"):
        costs.show(arguments.repeats)
    if arguments.what in (None, "pictures"):
        pictures.show(arguments.repeats)
        limits.show(arguments.repeats)
    if arguments.what in (None, "live"):
        live.show(arguments.repeats)


if __name__ == "__main__":
    main()
