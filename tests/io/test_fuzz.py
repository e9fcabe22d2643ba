"""Whatever the bytes, a reader answers with a map or with one clear line."""

from __future__ import annotations

import gzip
import io
import struct
import warnings
from typing import TYPE_CHECKING

import nibabel
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skerry.errors import SkerryError, SkerryWarning
from skerry.io.load import load_image, load_map

if TYPE_CHECKING:
    from pathlib import Path

thorough = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LIMIT = 1_000_000
VALUES = np.random.default_rng(3).normal(0, 2, (6, 7, 5)).astype(np.float32)
AFFINE = np.array([[-2.0, 0, 0, 8], [0, 2, 0, -10], [0, 0, 2, -6], [0, 0, 0, 1]])


def answer(path: Path) -> None:
    """Read as image and as map: an answer, or a skerry error of one printable line."""
    for read in (load_image, load_map):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", SkerryWarning)
            try:
                found = read(path, max_bytes=LIMIT)
            except SkerryError as error:
                said = str(error)
            else:
                said = path.stem
                assert np.isfinite(found.affine if read is load_image else found.grid.affine).all()
        assert path.stem[:3] in said
        assert said.isprintable()


def encoded(kind: type, **header: object) -> bytes:
    image = kind(VALUES, AFFINE)
    for name, value in header.items():
        image.header[name] = value
    return image.to_bytes()


SINGLES = {
    "map.nii": encoded(nibabel.Nifti1Image),
    "map2.nii": encoded(nibabel.Nifti2Image),
    "map.mgh": encoded(nibabel.MGHImage),
}


def header_of(kind: type) -> bytes:
    image = kind(VALUES, AFFINE)
    if kind is nibabel.Spm2AnalyzeImage:
        image.update_header()
    written = io.BytesIO()
    image.header.write_to(written)
    return written.getvalue()


PAIRS = {"ana.hdr": header_of(nibabel.Spm2AnalyzeImage), "pair.hdr": header_of(nibabel.Nifti1Pair)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


def changed(content: bytes, changes: list[tuple[int, bytes]], size: int) -> bytes:
    """Give bytes with pieces written over them, then cut or padded to a size."""
    found = bytearray(content)
    for at, piece in changes:
        found[at % len(found) : at % len(found) + len(piece)] = piece
    return bytes(found[:size])


# Numbers that break readers: extremes and non-numbers, in every width.
PIECES = st.one_of(
    st.binary(min_size=1, max_size=4),
    st.sampled_from(
        [struct.pack(f"<{c}", n) for c in "hiq" for n in (0, -1, 1, 2, 3, 7, 32767, -32768)]
        + [struct.pack(f"<{c}", n) for c in "fd" for n in (0, -1, 1e30, float("nan"), float("inf"))]
        + [struct.pack("<q", 2**62), struct.pack("<i", 2**31 - 1)]
    ),
)
CHANGES = st.lists(st.tuples(st.integers(0, 700), PIECES), max_size=4)


@pytest.mark.parametrize("name", SINGLES)
@given(changes=CHANGES, cut=st.one_of(st.just(10**6), st.integers(1, 1200)))
@thorough
def test_a_single_file_with_bytes_changed_and_cut(folder, name, changes, cut):
    content = changed(SINGLES[name], changes, cut)
    path = folder / name
    path.write_bytes(content)
    answer(path)
    path = folder / f"{name}.gz"
    path.write_bytes(gzip.compress(content, 1))
    answer(path)


@pytest.mark.parametrize("name", PAIRS)
@given(changes=CHANGES, cut=st.one_of(st.just(10**6), st.integers(1, 400)))
@thorough
def test_a_header_of_a_pair_with_bytes_changed_and_cut(folder, name, changes, cut):
    path = folder / name
    path.write_bytes(changed(PAIRS[name], changes, cut))
    path.with_suffix(".img").write_bytes(VALUES.tobytes(order="F"))
    answer(path)
    answer(path.with_suffix(".img"))


@pytest.mark.parametrize("field", nibabel.Nifti1Header.template_dtype.names)
@given(data=st.data())
@settings(thorough, max_examples=8)
def test_any_field_of_a_nifti_header_with_any_bytes(folder, field, data):
    dtype, offset = nibabel.Nifti1Header.template_dtype.fields[field][:2]
    size = dtype.itemsize
    content = bytearray(SINGLES["map.nii"])
    content[offset : offset + size] = data.draw(st.binary(min_size=size, max_size=size))
    path = folder / f"map_{field}.nii"
    path.write_bytes(content)
    answer(path)


@given(changes=CHANGES, cut=st.integers(1, 2000))
@thorough
def test_gzip_data_with_bytes_changed_and_cut(folder, changes, cut):
    path = folder / "packed.nii.gz"
    path.write_bytes(changed(gzip.compress(SINGLES["map.nii"], mtime=0), changes, cut))
    answer(path)


HEAD = """type = integer-attribute
name = DATASET_RANK
count = 2
3 1

type = integer-attribute
name = DATASET_DIMENSIONS
count = 3
6 7 5

type = float-attribute
name = IJK_TO_DICOM_REAL
count = 12
2 0 0 -2 0 2 0 -4 0 0 2 -6

type = integer-attribute
name = BRICK_TYPES
count = 1
3

type = float-attribute
name = BRICK_STATAUX
count = 4
0 3 1 21
"""


@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, len(HEAD)),
            st.one_of(
                st.binary(min_size=1, max_size=6),
                st.sampled_from([b"9" * 9, b"-1", b"nan", b"inf", b"1e400", b"\n\n", b"~", b"'"]),
            ),
        ),
        max_size=4,
    ),
    cut=st.one_of(st.just(10**6), st.integers(1, len(HEAD))),
)
@thorough
def test_an_afni_header_with_text_changed_and_cut(folder, changes, cut):
    path = folder / "afni+tlrc.HEAD"
    path.write_bytes(changed(HEAD.encode(), changes, cut))
    path.with_suffix(".BRIK").write_bytes(VALUES.tobytes(order="F"))
    answer(path)
    answer(path.with_suffix(".BRIK"))


@given(
    content=st.binary(max_size=800),
    suffix=st.sampled_from(
        [".nii", ".nii.gz", ".hdr", ".img", ".HEAD", ".BRIK", ".mgh", ".mgz", ".txt", ""]
    ),
)
@thorough
def test_any_bytes_under_any_name(folder, content, suffix):
    path = folder / f"any{suffix}"
    path.write_bytes(content)
    answer(path)


@given(block=st.binary(max_size=200), flag=st.integers(0, 255))
@thorough
def test_any_bytes_as_header_extensions(folder, block, flag):
    nii = SINGLES["map.nii"]
    offset = struct.pack("<f", 352 + len(block))
    content = nii[:108] + offset + nii[112:348] + bytes([flag, 0, 0, 0]) + block + nii[352:]
    path = folder / "ext.nii"
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkerryWarning)
        assert np.array_equal(load_map(path).values, VALUES)


@given(content=st.binary(max_size=300))
@settings(thorough, max_examples=30)
def test_any_bytes_as_the_mat_file_of_an_analyze_image(folder, content):
    path = folder / "spm.hdr"
    path.write_bytes(PAIRS["ana.hdr"])
    path.with_suffix(".img").write_bytes(VALUES.tobytes(order="F"))
    path.with_suffix(".mat").write_bytes(content)
    answer(path)
