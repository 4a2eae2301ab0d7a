"""A real Chromium without a window, driven over its DevTools protocol through a pair of pipes.

Nothing but the standard library is needed: messages are JSON, each ended by a zero byte (``--remote-debugging-pipe``).
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe",
)  # fmt: skip
TIME_LIMIT = 60.0  # seconds for one answer; a busy machine takes a few
# Chromium reads from descriptor 3 and writes to 4. Both ends are moved out of the way first.
ONTO_3_AND_4 = """
import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3])
os.dup2(reads, 3)
os.dup2(writes, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""


def installed() -> str | None:
    """The program, or None where there is none."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def writes() -> bool:
    """Whether the machine has a font; with none, Chromium goes away where a page has fields or formulas."""
    lister = shutil.which("fc-list")
    return lister is None or subprocess.run([lister], capture_output=True, check=False).stdout != b""


class Page:
    """One tab."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._unread = b""
        self._sent = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; events that come before it are kept."""
        self._sent += 1
        message = {"id": self._sent, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != self._sent:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def _read(self) -> dict[str, Any]:
        deadline = time.monotonic() + TIME_LIMIT
        while b"\0" not in self._unread:
            if not select.select([self._from], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError(f"Chromium did not answer for {TIME_LIMIT} seconds")
            chunk = os.read(self._from, 1 << 16)
            if not chunk:
                raise ConnectionError("Chromium went away")
            self._unread += chunk
        message, self._unread = self._unread.split(b"\0", 1)
        return json.loads(message)

    def open(self, url: str) -> None:
        """Go to an address and wait until its page is loaded."""
        self.events.clear()
        self.ask("Page.navigate", url="about:blank")
        self.ask("Page.navigate", url=url)
        self.evaluate(
            "new Promise((done) => document.readyState === 'complete' ? done() : addEventListener('load', done))"
            ".then(() => 0)"
        )

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is waited for."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def press(self, *keys: str) -> None:
        """Press and release keys, as named by ``KeyboardEvent.key``."""
        for key in keys:
            text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
            self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
            self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    def click(self, selector: str) -> None:
        """Click with the mouse in the middle of an element."""
        x, y = self.evaluate(
            f"(() => {{ const r = document.querySelector({selector!r}).getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def prefer(self, **features: str) -> None:
        """Set media features: ``color_scheme="dark"``, ``reduced_motion="reduce"``."""
        listed = [{"name": f"prefers-{name.replace('_', '-')}", "value": value} for name, value in features.items()]
        self.ask("Emulation.setEmulatedMedia", features=listed)

    def faults(self) -> list[str]:
        """Exceptions, errors in the console and failed requests since the page was opened."""
        self.ask("Runtime.evaluate", expression="0")  # whatever came before this has arrived with it
        wrong = {"Runtime.exceptionThrown", "Network.loadingFailed", "Log.entryAdded"}
        return [
            json.dumps(event["params"])
            for event in self.events
            if event["method"] in wrong
            or (event["method"] == "Runtime.consoleAPICalled" and event["params"]["type"] in {"error", "warning"})
        ]

    def requests(self) -> list[str]:
        """Every address asked for since the page was opened."""
        return [
            event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"
        ]


@contextmanager
def browser(program: str) -> Iterator[Page]:
    """A browser with a profile of its own, ended and removed afterwards."""
    their_input, our_output = os.pipe()
    our_input, their_output = os.pipe()
    with tempfile.TemporaryDirectory(prefix="chromium", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [sys.executable, "-c", ONTO_3_AND_4, str(their_input), str(their_output),
             program, *FLAGS, f"--user-data-dir={profile}", "--window-size=1400,900"],
            pass_fds=(their_input, their_output), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(their_input)
        os.close(their_output)
        try:
            yield Page(our_output, our_input)
        finally:
            os.close(our_output)  # Chromium ends when its pipe does
            os.close(our_input)
            try:
                process.wait(10.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="module", name="chromium")
def chromium_fixture() -> Iterator[Page]:
    """One tab for all tests of a file."""
    program = installed()
    if program is None:
        pytest.skip("no Chromium on this machine (Debian's package is called chromium)")
    if not writes():
        pytest.skip("no font on this machine, without which Chromium goes away")
    with browser(program) as page:
        yield page
