"""The options that all examples take, and what is said of those that cannot be."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from nn import load_mnist

PARTS = [f"{part}-{kind}" for part in ("train", "t10k") for kind in ("images", "labels")]
LARGEST_SEED = 2**32 - 1


def parser(prog: str | None, description: str, seed: int | None) -> argparse.ArgumentParser:
    """``seed`` is the example's own; None where each has another."""
    options = argparse.ArgumentParser(prog=prog, description=description)
    options.add_argument("--out", type=folder, default=Path("pictures"), help="folder for the pictures; it is made")
    options.add_argument("--quick", action="store_true", help="fewer epochs, for a first look")
    options.add_argument("--seed", type=a_seed, default=seed, help="of every random number")
    options.add_argument("--mnist", type=mnist_folder, help="folder of the four MNIST files, for document 003")
    return options


def a_seed(text: str) -> int:
    """A whole number that NumPy's older generator takes, too."""
    try:
        seed = int(text)
    except ValueError:
        seed = -1
    if not 0 <= seed <= LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 to {LARGEST_SEED}, got {text!r}")
    return seed


def folder(text: str) -> Path:
    """A folder that can be written to; it is made."""
    path = Path(text)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise argparse.ArgumentTypeError(
            f"pictures go into a folder, which cannot be made of {text!r}: {error.strerror}; name another"
        ) from None
    if not os.access(path, os.W_OK):
        raise argparse.ArgumentTypeError(f"pictures go into a folder, and {text!r} cannot be written to; name another")
    return path


def page_file(text: str) -> Path:
    """A file in a folder that is there."""
    path = Path(text)
    if path.is_dir() or not path.absolute().parent.is_dir() or not os.access(path.absolute().parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"a page is a file in a folder that can be written to, got {text!r}")
    return path


def answers_file(text: str) -> Path:
    """A Python file to read, or to write in a folder that is there."""
    path = Path(text)
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"exercises are a file, and {text!r} is a folder; name a file in it")
    if path.suffix != ".py":
        raise argparse.ArgumentTypeError(f"exercises are a Python file, named like answers.py, got {text!r}")
    where = path if path.exists() else path.absolute().parent
    if not os.access(where, os.R_OK if path.exists() else os.W_OK):
        raise argparse.ArgumentTypeError(f"{text!r} can neither be read nor written; name another file")
    return path


def mnist_folder(text: str) -> Path:
    """A folder with the four files."""
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"MNIST is read from a folder, and {text!r} is none")
    if missing := [part for part in PARTS if not any(path.glob(f"{part}-*"))]:
        raise argparse.ArgumentTypeError(
            f"MNIST is read from a folder with {', '.join(f'{part}-…' for part in PARTS)}, plain or as .gz; {text!r} "
            f"has no {' and no '.join(f'{part}-…' for part in missing)}; nothing is downloaded, put them there"
        )
    try:
        for pair in mnist_files(path):
            load_mnist(*pair)
    except (ValueError, OSError, EOFError) as error:
        raise argparse.ArgumentTypeError(f"MNIST cannot be read from {text!r}: {error}") from None
    return path


def mnist_files(path: Path) -> list[Sequence[Path]]:
    """Images and labels to learn from, and those to be tested with."""
    files = [sorted(path.glob(f"{part}-*"))[0] for part in PARTS]
    return [files[:2], files[2:]]
