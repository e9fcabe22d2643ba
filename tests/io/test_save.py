"""Results are whole or absent, and the same bytes each time."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nibabel
import numpy as np
import pytest

from skerry.errors import ArgumentError, OutputError
from skerry.io.load import load_image
from skerry.io.save import save_image, save_json, save_text, whole_file


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- images


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz", ".NII.GZ"])
@pytest.mark.parametrize("dtype", ["u1", "i2", "i4", "i8", "f4", "f8"])
def test_what_is_read_back_is_what_was_saved(tmp_path, suffix, dtype):
    stored = np.random.default_rng(1).normal(0, 50, (4, 5, 6)).astype(dtype)
    affine = np.diag([2.0, 2, 2.5, 1])
    path = tmp_path / f"out{suffix}"
    save_image(nibabel.Nifti1Image(stored, affine, dtype=dtype), path)
    for loaded in (load_image(path), nibabel.Nifti1Image.from_bytes(_unpacked(path))):
        assert np.asanyarray(loaded.dataobj).dtype == np.dtype(dtype)
        assert np.array_equal(loaded.dataobj, stored)
        assert np.array_equal(loaded.affine, affine)
    assert names(tmp_path) == [path.name]


def _unpacked(path: Path) -> bytes:
    import gzip

    return gzip.decompress(path.read_bytes()) if path.suffix.lower() == ".gz" else path.read_bytes()


def test_the_dtype_and_scaling_of_the_source_are_left_behind(tmp_path):
    source = nibabel.Nifti1Image(np.linspace(-3, 3, 60).reshape(3, 4, 5), np.eye(4))
    source.header.set_data_dtype(np.int16)
    source.to_filename(tmp_path / "source.nii")
    loaded = load_image(tmp_path / "source.nii")
    kept = np.where(np.abs(loaded.dataobj) > 1, loaded.dataobj, 0)
    save_image(nibabel.Nifti1Image(kept, loaded.affine, loaded.header), tmp_path / "kept.nii.gz")
    again = load_image(tmp_path / "kept.nii.gz")
    assert np.array_equal(again.dataobj, kept)
    assert again.get_data_dtype() == np.float64


def test_a_loaded_big_endian_image_is_saved_whole(tmp_path, values):
    header = nibabel.Nifti1Header(endianness=">")
    header["descrip"] = b"from afar"
    nibabel.Nifti1Image(values, np.eye(4), header).to_filename(tmp_path / "big.nii")
    save_image(load_image(tmp_path / "big.nii"), tmp_path / "little.nii")
    again = nibabel.Nifti1Image.from_bytes((tmp_path / "little.nii").read_bytes())
    assert again.header.endianness == "<"
    assert again.header["descrip"] == b"from afar"
    assert np.array_equal(again.dataobj, values)


def test_header_extensions_survive_saving(tmp_path, with_extension, write, values):
    loaded = load_image(write(with_extension(b"a comment" + bytes(31))))
    save_image(loaded, tmp_path / "out.nii.gz")
    again = load_image(tmp_path / "out.nii.gz")
    assert again.header.extensions[0].get_content() == b"a comment"
    assert np.array_equal(again.dataobj, values)


def test_a_nifti2_image_is_saved_without_a_word(tmp_path, values, caplog):
    img = nibabel.Nifti2Image(values, np.diag([2.0, 2, 2, 1]))
    nibabel.save(img, tmp_path / "two.nii")
    save_image(load_image(tmp_path / "two.nii"), tmp_path / "saved.nii")
    assert caplog.records == []
    saved = nibabel.load(tmp_path / "saved.nii")
    np.testing.assert_array_equal(saved.get_fdata(), values)
    np.testing.assert_array_equal(saved.affine, img.affine)


@pytest.mark.parametrize("shape", [(5,), (4, 5), (3, 4, 5, 2), (3, 4, 5, 1, 2), (1, 1, 1)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_any_number_of_axes_in_any_memory_order_is_saved(tmp_path, shape, order):
    stored = np.asarray(np.random.default_rng(2).integers(0, 99, shape, np.int16), order=order)
    save_image(nibabel.Nifti1Image(stored, np.eye(4)), tmp_path / "out.nii")
    again = nibabel.Nifti1Image.from_bytes((tmp_path / "out.nii").read_bytes())
    assert again.shape == shape
    assert np.array_equal(again.dataobj, stored)


@pytest.mark.parametrize(
    ("dtype", "saved"), [(bool, np.uint8), (np.float16, np.float32), (np.longdouble, np.float64)]
)
def test_dtypes_that_nifti_readers_lack_become_the_next_they_know(tmp_path, dtype, saved):
    stored = np.ones((2, 3, 4), dtype)
    image = nibabel.Nifti1Image(np.ones((2, 3, 4)), np.eye(4))
    image._dataobj = stored  # nibabel itself refuses to make such an image
    save_image(image, tmp_path / "out.nii")
    assert load_image(tmp_path / "out.nii").dataobj.dtype == saved


def test_an_axis_past_32767_is_saved_as_nifti2(tmp_path):
    stored = np.ones((40000, 1, 2), np.uint8)
    save_image(nibabel.Nifti2Image(stored, np.eye(4)), tmp_path / "out.nii.gz")
    assert type(nibabel.load(tmp_path / "out.nii.gz")) is nibabel.Nifti2Image


def test_complex_images_are_refused(tmp_path):
    with pytest.raises(ArgumentError, match="complex64 cannot be written"):
        save_image(
            nibabel.Nifti1Image(np.ones((2, 2, 2), np.complex64), np.eye(4)), tmp_path / "o.nii"
        )
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["out.img", "out", "out.nii.bz2", "out.nii.gz.txt"])
def test_other_suffixes_are_refused(tmp_path, image, name):
    with pytest.raises(ArgumentError, match=r"must end in \.nii or \.nii\.gz"):
        save_image(image, tmp_path / name)


def test_the_same_image_gives_the_same_bytes_whatever_the_time_and_name(tmp_path, image):
    save_image(image, tmp_path / "a.nii.gz")
    time.sleep(1.1)  # gzip counts seconds
    save_image(image, tmp_path / "b.nii.gz")
    first = (tmp_path / "a.nii.gz").read_bytes()
    assert first == (tmp_path / "b.nii.gz").read_bytes()
    assert first[:10] == b"\x1f\x8b\x08\0\0\0\0\0\0\xff"


# --- text and JSON


def test_text_and_json_are_utf8_with_plain_line_ends(tmp_path):
    save_text("µ\n", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_bytes() == "µ\n".encode()
    record = {"µ": np.float32(0.5), "path": Path("a"), "n": np.int64(3), "xyz": np.arange(3)}
    save_json(record, tmp_path / "a.json")
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"µ": 0.5, "path": "a", "n": 3, "xyz": [0, 1, 2]}
    assert "µ" in text
    assert text.endswith("}\n")


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), object(), {1, 2}])
def test_what_json_cannot_hold_is_refused_and_nothing_is_written(tmp_path, wrong):
    with pytest.raises(ArgumentError, match="does not fit JSON"):
        save_json({"x": wrong}, tmp_path / "a.json")
    assert names(tmp_path) == []


# --- whole or absent


def test_a_failure_on_the_way_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "out.txt"
    target.write_text("old")

    def write_half() -> None:
        with whole_file(target) as stream:
            stream.write(b"half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        write_half()
    assert target.read_text() == "old"
    assert names(tmp_path) == ["out.txt"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("code", [errno.EIO, errno.EROFS, errno.EXDEV, errno.ENOSPC])
def test_a_failing_disk_is_one_line_and_leaves_nothing(tmp_path, monkeypatch, call, code):
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OutputError, match=r"out\.txt cannot be written: ") as caught:
        save_text("x", tmp_path / "out.txt")
    assert os.strerror(code) in str(caught.value)
    assert names(tmp_path) == []


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(OutputError, match="No such file or directory"):
        save_text("x", tmp_path / "nowhere" / "out.txt")


def test_a_folder_or_device_is_never_replaced(tmp_path):
    with pytest.raises(OutputError, match="it is a folder"):
        save_text("x", tmp_path)
    if Path("/dev/null").exists():
        with pytest.raises(OutputError, match="not a regular file"):
            save_text("x", "/dev/null")


def test_a_link_is_followed(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "there" / "real.txt")
    save_text("new", tmp_path / "link.txt")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "there" / "real.txt").read_text() == "new"


def test_the_longest_name_allowed_works(tmp_path):
    name = "n" * 251 + ".txt"
    save_text("x", tmp_path / name)
    assert names(tmp_path) == [name]


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_the_file_has_the_mode_that_the_umask_gives(tmp_path):
    before = os.umask(0o027)
    try:
        save_text("x", tmp_path / "out.txt")
    finally:
        os.umask(before)
    assert (tmp_path / "out.txt").stat().st_mode & 0o777 == 0o640


LIMITED = """
import resource, sys
import nibabel, numpy
from skerry.errors import OutputError
from skerry.io.save import save_image
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
values = numpy.random.default_rng(0).normal(size=(20, 20, 20))
try:
    save_image(nibabel.Nifti1Image(values, numpy.eye(4)), sys.argv[1])
except OutputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
@pytest.mark.parametrize("name", ["out.nii", "out.nii.gz"])
def test_a_file_that_grows_past_a_limit_is_one_line_and_leaves_the_old(tmp_path, name):
    target = tmp_path / name
    target.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(target)], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{target} cannot be written: {os.strerror(errno.EFBIG)}\n"
    assert done.stderr == ""
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == [name]


WRITER = """
import sys
import nibabel, numpy
from skerry.io.save import save_image
image = nibabel.Nifti1Image(numpy.random.default_rng(0).normal(size=(40, 40, 40)), numpy.eye(4))
save_image(image, sys.argv[1])
print("ready", flush=True)
while True:
    save_image(image, sys.argv[1])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path):
    clean = tmp_path / "clean.nii.gz"
    target = tmp_path / "out.nii.gz"
    values = np.random.default_rng(0).normal(size=(40, 40, 40))
    save_image(nibabel.Nifti1Image(values, np.eye(4)), clean)
    for delay_ms in (0, 3, 7, 12, 18):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE
        )
        with writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(delay_ms / 1000)
            writer.send_signal(signal.SIGKILL)
        assert target.read_bytes() == clean.read_bytes()
