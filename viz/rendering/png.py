"""Pixels as PNG, in half the time of encoders for photographs: a row of a drawing is much like the one above."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np

__all__ = ["png"]

LEVEL = 3  # of compression; 6 takes twice the time for a twentieth of the size
MEMORY = 9  # of the compressor: the most
BLOCK = 64  # rows, that what is filtered is compressed while it is near
INCH = 0.0254  # metres
OPAQUE = 2  # colour type: red, green, blue
UP = 2  # the filter: what differs from the row above


def png(pixels: Any, per_inch: float) -> bytes:
    """Opaque pixels, an array of shape (height, width, 3) of bytes, as a file of the Portable Network Graphics.

    References
    ----------
    W3C, Portable Network Graphics (PNG) Specification, third edition, 2025, sections 5, 9 and 11.
    """
    height, width, _ = pixels.shape
    rows = np.empty((min(height, BLOCK), 1 + 3 * width), dtype=np.uint8)
    rows[:, 0] = UP
    filtered = np.ndarray((len(rows), width, 3), np.uint8, rows.data, offset=1, strides=(rows.shape[1], 3, 1))
    packer = zlib.compressobj(LEVEL, memLevel=MEMORY)
    packed = []
    for top in range(0, height, BLOCK):
        block = filtered[: height - top]
        for colour in range(3):  # pixels may lie four bytes apart, and are not copied first
            channel = pixels[max(0, top - 1) : top + BLOCK, :, colour]
            if not top:
                block[0, :, colour] = channel[0]
            np.subtract(channel[1:], channel[:-1], out=block[not top :, :, colour])
        packed.append(packer.compress(rows[: len(block)].data))
    dots = round(per_inch / INCH)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, OPAQUE, 0, 0, 0)),
            _chunk(b"pHYs", struct.pack(">IIB", dots, dots, 1)),
            _chunk(b"IDAT", b"".join(packed) + packer.flush()),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
