"""Bytes in, checked to their end."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import nibabel
import numpy as np
import pytest

from skerry.errors import (
    ArgumentError,
    DamagedFileError,
    ImageFileError,
    MissingFileError,
    SkerryError,
    SkerryWarning,
    TooLargeError,
)
from skerry.io.container import opened
from skerry.io.load import load_image, load_map


def test_a_gzip_file_cut_anywhere_is_refused(nii, tmp_path):
    packed = gzip.compress(nii, mtime=0)
    path = tmp_path / "cut.nii.gz"
    for size in [*range(1, 30), *range(30, len(packed), 11), len(packed) - 1]:
        path.write_bytes(packed[:size])
        with pytest.raises(SkerryError, match=r"cut\.nii\.gz"):
            load_image(path)


def test_a_plain_file_cut_anywhere_is_refused(nii, tmp_path):
    path = tmp_path / "cut.nii"
    for size in range(1, len(nii), 13):
        path.write_bytes(nii[:size])
        with pytest.raises(SkerryError, match=r"cut\.nii"):
            load_image(path)


def test_a_bit_flipped_in_gzip_data_never_changes_values_in_silence(nii, values, tmp_path):
    packed = gzip.compress(nii, mtime=0)
    path = tmp_path / "flipped.nii.gz"
    for at in range(10, len(packed), 5):
        path.write_bytes(packed[:at] + bytes([packed[at] ^ (1 << at % 8)]) + packed[at + 1 :])
        with pytest.raises(DamagedFileError):
            load_image(path)


@pytest.mark.parametrize("at", [-8, -4, -1])
def test_a_wrong_checksum_or_length_is_refused(nii, tmp_path, at):
    packed = bytearray(gzip.compress(nii, mtime=0))
    packed[at] ^= 1
    path = tmp_path / "map.nii.gz"
    path.write_bytes(packed)
    with pytest.raises(DamagedFileError, match="checksum"):
        load_image(path)


@pytest.mark.parametrize("at", [-8, -1, 200_000])
def test_a_wrong_checksum_far_behind_the_first_bytes_is_found(tmp_path, at):
    values = np.random.default_rng(0).normal(size=(50, 50, 50)).astype(np.float32)
    packed = bytearray(gzip.compress(nibabel.Nifti1Image(values, np.eye(4)).to_bytes(), 1))
    packed[at] ^= 1
    path = tmp_path / "map.nii.gz"
    path.write_bytes(packed)
    for read, options in ((load_image, {}), (load_map, {"volume": 0})):
        with pytest.raises(DamagedFileError, match="checksum"):
            read(path, **options)


def test_gzip_in_several_members_is_read_whole(nii, values, tmp_path):
    path = tmp_path / "members.nii.gz"
    path.write_bytes(gzip.compress(nii[:400]) + gzip.compress(b"") + gzip.compress(nii[400:]))
    assert np.array_equal(load_map(path).values, values)


def test_zeros_after_gzip_data_are_padding(nii, values, tmp_path):
    path = tmp_path / "padded.nii.gz"
    path.write_bytes(gzip.compress(nii) + bytes(1000))
    assert np.array_equal(load_map(path).values, values)


def test_bytes_after_gzip_data_are_warned_of(nii, values, tmp_path):
    path = tmp_path / "map.nii.gz"
    path.write_bytes(gzip.compress(nii) + b"x")
    with pytest.warns(SkerryWarning, match="after the end of its gzip data"):
        assert np.array_equal(load_map(path).values, values)


@pytest.mark.parametrize("name", ["map.nii", "map.nii.gz"])
def test_bytes_after_the_voxels_are_warned_of(nii, values, write, name):
    with pytest.warns(SkerryWarning, match="3 bytes are left over"):
        assert np.array_equal(load_map(write(nii + b"abc", name)).values, values)


@pytest.mark.parametrize("name", ["map.nii", "map.nii.gz"])
def test_what_a_file_is_follows_its_bytes_not_its_suffix(nii, values, write, name):
    path = write(nii, name)
    other = path.rename(path.with_name("other.nii" if name.endswith("gz") else "other.nii.gz"))
    assert np.array_equal(load_map(other).values, values)


def test_a_bomb_behind_the_voxels_is_left_unexpanded(nii, tmp_path):
    path = tmp_path / "bomb.nii.gz"
    path.write_bytes(gzip.compress(nii + bytes(3_000_000)))
    with pytest.raises(TooLargeError, match="goes on for more than 1000000 bytes"):
        load_image(path, max_bytes=1_000_000)


def test_an_image_larger_than_the_limit_is_refused(write, nii, monkeypatch):
    path = write(nii)
    with pytest.raises(TooLargeError, match="would take 840 bytes of memory, more than the 839"):
        load_image(path, max_bytes=839)
    monkeypatch.setenv("SKERRY_MAX_BYTES", "839")
    with pytest.raises(TooLargeError, match="SKERRY_MAX_BYTES"):
        load_map(path)
    assert load_map(path, max_bytes=840).n_in_mask  # the argument wins
    monkeypatch.setenv("SKERRY_MAX_BYTES", "4 GB")
    with pytest.raises(ArgumentError, match="SKERRY_MAX_BYTES must be a whole number of bytes"):
        load_map(path)


def test_only_the_wanted_volume_counts_against_the_limit(tmp_path):
    path = tmp_path / "many.nii.gz"
    stack = np.ones((4, 4, 4, 100), np.float32) * np.arange(100, dtype=np.float32)
    nibabel.Nifti1Image(stack, np.eye(4)).to_filename(path)
    assert (load_map(path, volume=7, max_bytes=30_000).values == 7).all()
    with pytest.raises(TooLargeError):
        load_image(path, max_bytes=25_599)


@pytest.mark.parametrize("shape", [(32767, 32767, 32767), (32767, 32767, 4)])
@pytest.mark.parametrize("name", ["map.nii", "map.nii.gz"])
def test_a_small_file_that_claims_much_is_refused_before_memory_is_taken(
    edited, write, shape, name
):
    path = write(edited(dim=(3, *shape, 1, 1, 1, 1)), name)
    with pytest.raises(DamagedFileError, match="is cut short, or its header is wrong"):
        load_image(path)


def test_an_empty_file_a_folder_and_a_pipe_are_told_apart(tmp_path):
    (tmp_path / "empty.nii").touch()
    with pytest.raises(ImageFileError, match="is empty"):
        load_image(tmp_path / "empty.nii")
    with pytest.raises(MissingFileError, match="is a folder"):
        load_image(tmp_path)
    with pytest.raises(MissingFileError, match="File not found"):
        load_image(tmp_path / "nowhere" / "map.nii")
    with pytest.raises(MissingFileError, match="File not found"):
        load_image(tmp_path / "empty.nii" / "map.nii")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_that_nobody_writes_to_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.nii")
    with pytest.raises(ImageFileError, match="is not a regular file"):
        load_image(tmp_path / "pipe.nii")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read all"
)
def test_a_file_that_may_not_be_read_is_said(write, nii):
    path = write(nii)
    path.chmod(0)
    with pytest.raises(ImageFileError, match="cannot be read: Permission denied"):
        load_image(path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a\nb.nii", r"a\\nb\.nii"),
        ("a\x1b[31mred.nii", r"a\\x1b\[31mred\.nii"),
        ("\u202eknil.nii", r"\\u202eknil\.nii"),
        ("star[*?].nii", r"star\[\*\?\]\.nii"),
        ("név ü.nii", "név ü"),
    ],
)
def test_odd_names_are_read_and_shown_on_one_line(nii, values, write, name, said):
    assert np.array_equal(load_map(write(nii, name)).values, values)
    path = write(nii[:500], name)
    with pytest.raises(DamagedFileError, match=said) as caught:
        load_map(path)
    assert str(caught.value).isprintable()


def test_a_name_with_nul_or_too_long_is_a_clear_error():
    with pytest.raises(ImageFileError, match="cannot be read"):
        load_image("a\0b.nii")
    with pytest.raises(ImageFileError, match="cannot be read"):
        load_image("a" * 5000 + ".nii")


def test_a_file_that_changes_while_it_is_read_is_refused(write, nii):
    path = write(nii)
    with opened(path) as source:
        source.read(400)
        path.write_bytes(nii + b"more")
        with pytest.raises(DamagedFileError, match="changed while it was read"):
            source.finish(10_000)


def test_no_file_stays_open(write, nii):
    path = write(nii, "map.nii.gz")
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("needs /proc")
    before = len(list(folder.iterdir()))
    for _ in range(5):
        load_image(path)
    path.write_bytes(b"nothing")
    for _ in range(5):
        with pytest.raises(SkerryError):
            load_image(path)
    assert len(list(folder.iterdir())) == before
