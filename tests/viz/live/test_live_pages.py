"""The gallery of pages: each trains, and none says a word in the console."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from examples.live_pages import PAGES, write
from tests.viz.chromium import Page
from tests.viz.live.opening import chromium_fixture, drawn  # noqa: F401 - pytest uses one


@pytest.fixture(scope="module", name="folder")
def folder_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("pages")).parent


@pytest.mark.parametrize("name", PAGES)
def test_page_of_the_gallery_trains(chromium: Page, folder: Path, name: str):
    """To less than a third of the loss it begins with; its graph says what its program says."""
    chromium.open((folder / f"{name}.html").as_uri())
    before = chromium.evaluate("live.evaluate()")
    found = chromium.evaluate("live.examined()").get("values")
    assert found
    chromium.evaluate("for (let k = 0; k < 1500; k++) live.step()")
    drawn(chromium)
    assert chromium.evaluate("live.evaluate()") < before / 3
    assert chromium.faults() == []


def test_six_lines_of_the_readme_make_a_page_of_a_table(chromium: Page, tmp_path: Path, monkeypatch):
    """From a file with two columns and a class, as a teacher has it."""
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```py\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert len(block.splitlines()) <= 6
    monkeypatch.chdir(tmp_path)
    Path("points.csv").write_text("height,weight,class\n1.5,2.0,0\n0.5,1.0,1\n2.5,-1.0,1\n", encoding="utf-8")
    exec(block, {})
    chromium.open((tmp_path / "page.html").as_uri())
    assert chromium.evaluate("live.now.rows.map((row) => [...row.x, ...row.y])") == [
        [1.5, 2.0, 0.0],
        [0.5, 1.0, 1.0],
        [2.5, -1.0, 1.0],
    ]
    assert chromium.faults() == []


def test_index_leads_to_every_page(folder: Path):
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert {path.name for path in folder.iterdir()} == {"index.html", *[f"{name}.html" for name in PAGES]}
    assert all(f'href="{name}.html"' in index for name in PAGES)
