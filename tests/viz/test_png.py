"""Our own PNG writer: what any reader finds in it."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from viz.rendering.png import BLOCK, STRIP, png

Image = pytest.importorskip("PIL.Image")


SMALL = array_shapes(min_dims=2, max_dims=2, max_side=12)
TALL = st.tuples(st.integers(BLOCK - 1, 3 * BLOCK + 1), st.just(2))  # filtered block by block


@given((SMALL | TALL).flatmap(lambda shape: arrays(np.uint8, (*shape, 4))))
def test_pixels_are_read_as_they_were_written(pixels):
    """Also where they lie four bytes apart, as painted pictures do; every byte and every row."""
    file = png(pixels[..., :3], 144.0)
    image = Image.open(io.BytesIO(file))
    assert image.mode == "RGB"
    assert image.size == (pixels.shape[1], pixels.shape[0])
    np.testing.assert_array_equal(np.asarray(image), pixels[..., :3])
    assert png(np.ascontiguousarray(pixels[..., :3]), 144.0) == file


@pytest.mark.parametrize("height", [STRIP - 1, STRIP, STRIP + 1, 2 * STRIP, 2 * STRIP + BLOCK + 1])
def test_rows_that_are_compressed_apart_are_one_stream(height):
    """A reader that believes the file's own sums finds every row, however they were shared out."""
    pixels = np.random.default_rng(height).integers(0, 256, (height, 5, 3), dtype=np.uint8)
    file = png(pixels, 72.0)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(file))), pixels)
    begin = file.index(b"IDAT")
    (length,) = struct.unpack(">I", file[begin - 4 : begin])
    assert len(zlib.decompress(file[begin + 4 : begin + 4 + length])) == height * 16  # checks the sum of Adler


@given(st.floats(10.0, 600.0))
def test_dots_per_inch_are_written(dots):
    """To half a dot a metre."""
    image = Image.open(io.BytesIO(png(np.zeros((2, 3, 3), np.uint8), dots)))
    assert image.info["dpi"] == pytest.approx((dots, dots), abs=0.5 * 0.0254)
