"""``python -m tests.bench`` prints the README's tables; with the name of one, such as ``eager``, that one alone."""

from __future__ import annotations

import argparse

from tests.bench import costs, live, pictures, tables

TABLES = {table.name: table for table in (tables.MICROGPT, tables.EAGER, tables.COMPILED)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=[*TABLES, "costs", "pictures", "live"], help="all unless told")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each loop, of which the median counts")
    arguments = parser.parse_args()
    print(tables.machine())
    for name, table in TABLES.items():
        if arguments.what in (None, name):
            tables.show(table, arguments.repeats)
    if arguments.what in (None, "costs"):
        costs.show(arguments.repeats)
    if arguments.what in (None, "pictures"):
        pictures.show(arguments.repeats)
    if arguments.what in (None, "live"):
        live.show(arguments.repeats)


if __name__ == "__main__":
    main()
