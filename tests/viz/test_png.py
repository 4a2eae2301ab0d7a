"""Our own PNG writer: what any reader finds in it."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from viz.rendering.png import BLOCK, png

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


@given(st.floats(10.0, 600.0))
def test_dots_per_inch_are_written(dots):
    """To half a dot a metre."""
    image = Image.open(io.BytesIO(png(np.zeros((2, 3, 3), np.uint8), dots)))
    assert image.info["dpi"] == pytest.approx((dots, dots), abs=0.5 * 0.0254)
