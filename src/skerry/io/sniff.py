"""Say what a file is by its first bytes, above all when it is no image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skerry.io.paths import shown

if TYPE_CHECKING:
    from skerry.typing import PathLike

SNIFFED_BYTES = 540
_KNOWN = (
    (0, b"BZh", "is compressed with bzip2; unpack it and gzip it"),
    (0, b"\xfd7zXZ", "is compressed with xz; unpack it and gzip it"),
    (0, b"\x28\xb5\x2f\xfd", "is compressed with zstd; unpack it and gzip it"),
    (0, b"\x1f\x9d", "is compressed with compress; unpack it and gzip it"),
    (0, b"PK\x03\x04", "is a zip archive; unpack it and give the image inside"),
    (257, b"ustar", "is a tar archive; unpack it and give the image inside"),
    (0, b"\x1f\x8b", "is gzipped twice; unpack it once"),
    (128, b"DICM", "is a DICOM file; convert it with dcm2niix"),
    (0, b"\x89HDF", "is an HDF5 file (MINC 2, or MATLAB); convert it to NIfTI"),
    (0, b"CDF", "is a NetCDF file (MINC 1); convert it with mnc2nii"),
    (0, b"NRRD", "is an NRRD file; convert it to NIfTI"),
    (0, b"\x93NUMPY", "is a NumPy file, which has no place in space; give a NIfTI image"),
    (0, b"MATLAB", "is a MATLAB file; give the image that it belongs to"),
    (0, b"\x89PNG", "is a PNG picture, not a map"),
    (0, b"\xff\xd8\xff", "is a JPEG picture, not a map"),
    (0, b"%PDF", "is a PDF document, not a map"),
    (0, b"\xff\xff\xfe", "is a FreeSurfer surface, not a volume"),
    (0, b"\xff\xff\xff", "is FreeSurfer data on a surface, not a volume"),
)


def what_it_is(head: bytes, path: PathLike) -> str:
    """Say in one line why bytes are no image that skerry reads."""
    for at, magic, text in _KNOWN:
        if head[at : at + len(magic)] == magic:
            return f"{shown(path)} {text}"
    text_start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text_start.startswith((b"<!doctype html", b"<html")):
        return f"{shown(path)} is a web page, not an image; was it a failed download?"
    if b"<gifti" in text_start or (text_start.startswith(b"<?xml") and b"gifti" in text_start):
        return f"{shown(path)} is a GIFTI file (a surface), not a volume; give a volume map"
    if text_start.startswith(b"<?xml"):
        return f"{shown(path)} is an XML file, not an image"
    if text_start.startswith(b"version https://git-lfs"):
        return f"{shown(path)} is a Git LFS pointer; fetch the image with git lfs pull"
    if head.startswith((b"/annex", b"../.git/annex", b".git/annex")):
        return f"{shown(path)} is a git-annex pointer; fetch the image with datalad get"
    if head and all(byte >= 32 or byte in b"\t\r\n\f" for byte in head):
        return f"{shown(path)} is a text file, not an image"
    return (
        f"{shown(path)} is not an image that skerry knows "
        "(NIfTI, Analyze, AFNI or MGH, by content), or its first bytes are damaged"
    )
