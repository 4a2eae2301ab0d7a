"""MNIST's IDX files, read from disk; nothing is downloaded.

The four files are ``train-images-idx3-ubyte``, ``train-labels-idx1-ubyte``, ``t10k-images-idx3-ubyte`` and
``t10k-labels-idx1-ubyte``, plain or compressed with gzip.
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from nn.checks import Array

__all__ = ["load_mnist", "read_idx"]

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
UNSIGNED_BYTES = 0x08


def read_idx(path: str | Path) -> Bytes:
    """An IDX file of unsigned bytes as an array.

    Parameters
    ----------
    path : str or Path
        A file, gzip or not: what it holds decides, not its name.

    Returns
    -------
    array of uint8
        Of the shape the file states.

    Raises
    ------
    ValueError
        If it is no IDX file of unsigned bytes, or shorter or longer than its own header says.

    References
    ----------
    LeCun, Cortes and Burges, "The MNIST database of handwritten digits", section "File formats". Two zero bytes, the
    type of an entry, the number of dimensions, each dimension as a big-endian 32-bit integer, then the entries.
    """
    content = Path(path).read_bytes()
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as error:
            raise ValueError(f"{path} is a damaged gzip file ({error}); download it again") from None
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != UNSIGNED_BYTES or content[3] == 0:
        raise ValueError(
            f"{path} is no IDX file of unsigned bytes: it begins with {content[:4].hex() or 'nothing'} instead of "
            "00000801 (labels) or 00000803 (images)"
        )
    dimensions, start = content[3], 4 + 4 * content[3]
    if len(content) < start:
        raise ValueError(f"{path} is truncated: its header has {len(content)} of {start} bytes; download it again")
    shape = struct.unpack(f">{dimensions}I", content[4:start])
    expected, found = math.prod(shape), len(content) - start
    if found != expected:
        problem = "truncated" if found < expected else "too long"
        raise ValueError(f"{path} is {problem}: shape {shape} takes {expected} bytes, got {found}; download it again")
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)


def load_mnist(images: str | Path, labels: str | Path) -> tuple[Array, Array]:
    """Images and labels of handwritten digits, ready for ``fit``.

    Parameters
    ----------
    images, labels : str or Path
        Two IDX files that belong together.

    Returns
    -------
    X : array
        Shape (examples, pixels), each from 0 (paper) to 1 (ink).
    y : array
        Shape (examples,): the digits, 0 to 9.

    Raises
    ------
    ValueError
        If a file is damaged or of another kind, or their counts differ.
    """
    X, y = read_idx(images), read_idx(labels)
    if X.ndim != 3:
        raise ValueError(f"{images} holds images, three dimensions, got {X.ndim}; are the two files swapped?")
    if y.ndim != 1:
        raise ValueError(f"{labels} holds labels, one dimension, got {y.ndim}; are the two files swapped?")
    if len(X) != len(y):
        raise ValueError(f"{images} and {labels} belong together, got {len(X)} images and {len(y)} labels")
    return X.reshape(len(X), -1) / 255.0, y.astype(float)
