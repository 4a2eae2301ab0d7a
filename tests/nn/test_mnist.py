"""IDX files, written here by the format's description, read back; damaged ones refused."""

import gzip
import re
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nn import load_mnist, read_idx


def idx(array):
    """An array of bytes as the format writes it."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


@given(array=arrays(np.uint8, array_shapes(max_dims=3, max_side=5)), compressed=st.booleans())
def test_what_is_written_is_read(array, compressed, tmp_path_factory):
    """Any shape, gzip or not, whatever the file is called."""
    path = tmp_path_factory.mktemp("idx") / "data.gz"
    path.write_bytes(gzip.compress(idx(array)) if compressed else idx(array))
    np.testing.assert_array_equal(read_idx(path), array)
    assert read_idx(path).shape == array.shape


@pytest.fixture
def pair(tmp_path):
    """Six images of 4 x 5 pixels and their labels."""
    images, labels = tmp_path / "images", tmp_path / "labels"
    pixels = np.arange(120, dtype=np.uint8).reshape(6, 4, 5)
    images.write_bytes(idx(pixels))
    labels.write_bytes(idx(np.array([3, 1, 4, 1, 5, 9])))
    return images, labels, pixels


def test_images_become_rows_from_0_to_1_and_labels_numbers(pair):
    """One row of pixels an image, in the file's order; 255 is full ink."""
    images, labels, pixels = pair
    X, y = load_mnist(images, str(labels))
    np.testing.assert_allclose(X, pixels.reshape(6, 20) / 255.0, rtol=1e-15)
    assert y.tolist() == [3.0, 1.0, 4.0, 1.0, 5.0, 9.0]


def rewrite(path, change):
    path.write_bytes(change(path.read_bytes()))


DAMAGE = {
    "truncated": (
        lambda content: content[:-1], "{} is truncated: shape (6, 4, 5) takes 120 bytes, got 119; download it again",
    ),
    "too long": (
        lambda content: content + b"\0", "{} is too long: shape (6, 4, 5) takes 120 bytes, got 121; download it again",
    ),
    "half a header": (
        lambda content: content[:10], "{} is truncated: its header has 10 of 16 bytes; download it again",
    ),
    "empty": (
        lambda content: b"", "{} is no IDX file of unsigned bytes: it begins with nothing instead of",
    ),
    "another kind of file": (
        lambda content: b"<!DOCTYPE html>",
        "{} is no IDX file of unsigned bytes: it begins with 3c21444f",
    ),
    "entries that are floats": (
        lambda content: b"\0\0\x0d" + content[3:], "{} is no IDX file of unsigned bytes: it begins with 00000d03",
    ),
    "truncated gzip": (
        lambda content: gzip.compress(content)[:-9], "{} is a damaged gzip file (",
    ),
    "gzip with a wrong checksum": (
        lambda content: gzip.compress(content)[:-8] + b"\0" * 8, "{} is a damaged gzip file (CRC check failed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGE)
def test_damaged_files_are_refused_by_name(case, pair):
    """Each kind of damage has its own sentence, which names the file."""
    images, labels, _ = pair
    change, message = DAMAGE[case]
    rewrite(images, change)
    with pytest.raises(ValueError, match=f"^{re.escape(message.format(images))}"):
        load_mnist(images, labels)


def test_files_that_do_not_belong_together_are_refused(pair):
    """Swapped files, and counts that differ."""
    images, labels, _ = pair
    with pytest.raises(ValueError, match=r"labels holds images, three dimensions, got 1; are the two files swapped\?$"):
        load_mnist(labels, images)
    with pytest.raises(ValueError, match=r"images holds labels, one dimension, got 3; are the two files swapped\?$"):
        load_mnist(images, images)
    labels.write_bytes(idx(np.array([1, 2])))
    with pytest.raises(ValueError, match=r" belong together, got 6 images and 2 labels$"):
        load_mnist(images, labels)
    with pytest.raises(FileNotFoundError):
        read_idx(images.with_name("missing"))
