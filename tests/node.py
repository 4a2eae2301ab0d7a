"""Modules of JavaScript run by Node: one process for all of them, numbers exact to the bit on both ways."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest

SERVER = """
import {createInterface} from "node:readline";
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const read = (a) => a.floats === undefined ? a : new Float64Array(bytes(a.floats).buffer);
const write = (x) => Buffer.from(Float64Array.from(typeof x === "number" ? [x] : x).buffer).toString("base64");
const modules = [];
for await (const line of createInterface({input: process.stdin})) {
  const {place, source, call, args} = JSON.parse(line);
  try {
    modules[place] ??= await import("data:text/javascript;base64," + Buffer.from(source).toString("base64"));
    console.log(JSON.stringify({found: modules[place][call](...args.map(read)).map(write)}));
  } catch (error) {
    console.log(JSON.stringify({error: String(error.stack)}));
  }
}
"""

# What the tests ask of a module that was compiled.
EVALUATE = """
export function evaluate(name, theta, fixed, n, ...batch) {
  const gradient = new Float64Array(program.derivatives).fill(NaN);
  const found = bind(theta, gradient, fixed, n)[name](...batch);
  return [found, gradient];
}
"""


class Node:
    """A process that keeps every module it was given."""

    def __init__(self) -> None:
        command = ["node", "--input-type=module", "-e", SERVER]
        self.process: Any = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.places: dict[str, int] = {}

    def call(self, source: str, function: str, *args: Any) -> list[Any]:
        """The arrays that a function of a module gives; what it is given is arrays, ints and text."""
        known = source in self.places
        request = {
            "place": self.places.setdefault(source, len(self.places)),
            "source": None if known else source,
            "call": function,
            "args": [a if isinstance(a, (int, str)) else {"floats": _encoded(a)} for a in args],
        }
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return [np.frombuffer(base64.b64decode(text)) for text in answer["found"]]

    def run(self, source: str, theta: Any, *batch: Any, fixed: Any = (), name: str = "value_and_grad") -> Any:
        """Outputs and derivatives of a compiled module, at these numbers."""
        count = len(batch[0]) if batch else 1
        return self.call(source + EVALUATE, "evaluate", name, theta, fixed, count, *batch)

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait(10.0)
        self.process.stdout.close()


def _encoded(numbers: Any) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers, dtype=np.float64).tobytes()).decode()


@pytest.fixture(scope="module", name="node")
def node_fixture():
    """One process for all tests of a file."""
    if shutil.which("node") is None:
        pytest.skip("no Node on this machine (Debian's package is called nodejs)")
    process = Node()
    yield process
    process.close()
