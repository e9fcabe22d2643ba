"""Fetched atlases: whole, verified, from one folder, whatever a server sends."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import nibabel
import numpy as np
import pytest

import fake_neurovault
from fake_atlases import (
    HO_IMAGE,
    HO_LABELS,
    HO_NAME,
    HO_URL,
    HO_XML,
    harvard_oxford,
    label_values,
    nifti,
    nifti_gz,
    tarred,
    zipped,
)
from fake_neurovault import answer, cut, endless, raw, redirect, stall
from skerry.datasets import (
    fetch_atlas_basc_multiscale_2015,
    fetch_atlas_destrieux_2009,
    fetch_atlas_harvard_oxford,
    fetch_atlas_juelich,
    fetch_atlas_schaefer_2018,
    fetch_atlas_smith_2009,
    fetch_atlas_talairach,
)
from skerry.datasets.atlases import archive
from skerry.datasets.atlases import files as atlas_files
from skerry.datasets.web import fetch
from skerry.errors import (
    ArgumentError,
    ArgumentTypeError,
    DamagedFileError,
    NetworkError,
    SkerryError,
    SkerryWarning,
)

SMITH_URL = "/www.fmrib.ox.ac.uk/datasets/brainmap+rsns/PNAS_Smith09_rsn10.nii.gz"
BASC_URL = "/ndownloader.figshare.com/files/1861819"
BASC = "template_cambridge_basc_multiscale_nii_sym/template_cambridge_basc_multiscale_sym_scale"


FETCH = """
import sys
from skerry.datasets import fetch_atlas_harvard_oxford
print(len(fetch_atlas_harvard_oxford(sys.argv[2], data_dir=sys.argv[1], verbose=0).labels))
"""


@pytest.fixture
def mirror(monkeypatch):
    """Give a running mirror of every site; pauses between tries are left out."""
    monkeypatch.setattr(fetch, "_PAUSES_S", (0.0, 0.0, 0.0))
    monkeypatch.delenv("SKERRY_OFFLINE", raising=False)
    with fake_neurovault.running() as server:
        monkeypatch.setenv("SKERRY_ATLAS_MIRROR", server.url)
        server.pages[HO_URL] = answer(tarred(harvard_oxford()))
        server.pages[SMITH_URL] = answer(nifti_gz(np.ones((4, 4, 4, 10), np.float32)))
        yield server


def get(folder, name=HO_NAME, **options):
    return fetch_atlas_harvard_oxford(name, data_dir=folder, verbose=0, **options)


def basc(folder):
    return fetch_atlas_basc_multiscale_2015(data_dir=folder, verbose=0)


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def kept(*names):
    return {name for path in names for name in (f"fsl/{path}", f"fsl/{path}.sha256")}


def test_an_archive_brings_all_its_parts_in_one_download_each_with_its_sha256(mirror, tmp_path):
    found = get(tmp_path)
    assert mirror.asked == [HO_URL]
    assert files(tmp_path) == kept(*harvard_oxford())
    assert found.labels == ["Background", "Frontal Pole", "Left Lateral Ventricle",
                            "Central Opercular"]  # fmt: skip
    np.testing.assert_array_equal(np.asarray(found.maps.dataobj), label_values()[::-1])
    path = Path(found.filename)
    assert path == tmp_path / "fsl" / HO_IMAGE
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert Path(f"{path}.sha256").read_text() == f"{sha256}  {path.name}\n"
    get(tmp_path, "cort-prob-2mm")
    assert mirror.asked == [HO_URL]


def test_a_file_changed_on_disk_is_fetched_again(mirror, tmp_path):
    path = Path(get(tmp_path).filename)
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    get(tmp_path)
    assert mirror.asked == [HO_URL] * 2
    assert path.read_bytes() == good


def test_a_site_that_changed_its_file_is_told_of(mirror, tmp_path):
    path = Path(get(tmp_path).filename)
    path.write_bytes(b"")
    changed = harvard_oxford() | {HO_IMAGE: nifti_gz(label_values()[::-1])}
    mirror.pages[HO_URL] = answer(tarred(changed))
    with pytest.warns(SkerryWarning, match="is another file than the one fetched first"):
        get(tmp_path)
    assert path.read_bytes() == changed[HO_IMAGE]


@pytest.mark.parametrize(
    "fault",
    [
        answer(b"", status=503),
        cut(tarred(harvard_oxford()), 700),
        cut(tarred(harvard_oxford()), 700, announced=False),
        answer(tarred(harvard_oxford())[:-9]),
        answer(tarred(harvard_oxford())[:-5] + b"12345"),
        raw(b""),
    ],
    ids=["503", "cut", "cut unannounced", "shorter", "wrong checksum", "hangs up"],
)
def test_a_passing_fault_is_overcome(mirror, tmp_path, fault):
    mirror.once(HO_URL, fault)
    get(tmp_path)
    assert mirror.asked == [HO_URL] * 2
    assert files(tmp_path) == kept(*harvard_oxford())


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (answer(b"<html>please log in</html>"), "not a zip or tar.gz archive"),
        (answer(b""), "not a zip or tar.gz archive"),
        (answer(b"\x1f\x8b" + bytes(600)), "cannot be used"),
        (answer(b"PK\x03\x04" + bytes(600)), "cannot be used"),
        (answer(gzip.compress(b"not a tar")), "cannot be used"),
        (answer(b"", status=404), "404"),
        (redirect("https://example.org/x.tgz"), "not on its own https host"),
        (redirect("file:///etc/passwd"), "not on its own https host"),
        (redirect(HO_URL), "redirects more than 5 times"),
        (answer(tarred({HO_LABELS: b"x"})), "does not hold data/atlases/HarvardOxford/"),
        (answer(tarred({HO_IMAGE: b"x", HO_LABELS: b"x"})), "cannot be used"),
        (answer(tarred({HO_IMAGE: nifti_gz(label_values()), HO_LABELS: b""})), "cannot be used"),
        (answer(tarred({HO_IMAGE: nifti_gz(label_values()), HO_LABELS: b"<html>"})), "web page"),
    ],
    ids=range(13),
)
def test_a_lasting_fault_is_one_clear_line_and_leaves_nothing(mirror, tmp_path, fault, said):
    mirror.always(HO_URL, fault)
    with pytest.raises(NetworkError) as caught:
        get(tmp_path)
    message = str(caught.value)
    assert said in message
    assert message.startswith("the Harvard-Oxford atlas is not on disk and could not be fetched: ")
    assert str(tmp_path / "fsl") in message
    assert "\n" not in message
    assert ".skerry-" not in message
    assert files(tmp_path) == set()


def test_a_server_that_stalls_or_never_ends_is_left(mirror, tmp_path, monkeypatch):
    monkeypatch.setattr(atlas_files, "_PATIENCE", fetch.Patience(0.2))
    monkeypatch.setattr(fetch, "MAX_FILE_BYTES", 100_000)
    for fault, said in ((stall, "did not answer within"), (endless, "more than the 100000 bytes")):
        mirror.always(HO_URL, fault)
        with pytest.raises(NetworkError, match=said):
            get(tmp_path)
    assert files(tmp_path) == set()


def member(name, kind=tarfile.REGTYPE, size=0, target=""):
    made = tarfile.TarInfo(name)
    made.type, made.size, made.linkname = kind, size, target
    return made


HOSTILE = (
    member("../escaped", size=3),
    member("/escaped", size=3),
    member("data/../../escaped", size=3),
    member("..\\escaped", size=3),
    member("C:escaped", size=3),
    member("link", tarfile.SYMTYPE, target="/etc/passwd"),
    member("hard", tarfile.LNKTYPE, target="../../escaped"),
    member("pipe", tarfile.FIFOTYPE),
    member("device", tarfile.CHRTYPE),
    member("data", tarfile.SYMTYPE, target="/etc"),
    member("x" * 5000, size=3),
)


def test_hostile_members_are_passed_over(mirror, tmp_path):
    folder = tmp_path / "deep" / "data"
    mirror.pages[HO_URL] = answer(tarred(harvard_oxford(), *HOSTILE))
    get(folder)
    assert files(tmp_path) == {f"deep/data/{name}" for name in kept(*harvard_oxford())}
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))
    assert not Path("/escaped").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_a_link_in_the_place_of_a_file_is_not_followed(mirror, tmp_path, kind):
    files_but_one = harvard_oxford()
    del files_but_one[HO_LABELS]
    link = member(HO_LABELS, kind, target="/etc/passwd")
    mirror.pages[HO_URL] = answer(tarred(files_but_one, link))
    with pytest.raises(NetworkError, match="does not hold data/atlases/HarvardOxford-Subc"):
        get(tmp_path)
    assert files(tmp_path) == set()


def hostile_zip():
    one = {f"{BASC}{n:03}.nii.gz": nifti_gz(label_values(n)) for n in (7, 12)}
    link = zipfile.ZipInfo(f"{BASC}020.nii.gz")
    link.external_attr = 0o120777 << 16
    return zipped({"../escaped": b"x", "/escaped": b"x", "a/../../escaped": b"x", **one}), link


def test_hostile_members_of_a_zip_are_passed_over(mirror, tmp_path):
    body, _ = hostile_zip()
    mirror.pages[BASC_URL] = answer(body)
    found = basc(tmp_path / "data")
    names = {f"data/basc_multiscale_2015/{BASC}{n:03}.nii.gz" for n in (7, 12)}
    assert files(tmp_path) == names | {f"{name}.sha256" for name in names}
    assert found.labels == ["Background", *"1234567"]


def test_a_link_in_a_zip_is_not_taken_for_a_file(tmp_path):
    body, link = hostile_zip()
    path = tmp_path / "a.zip"
    path.write_bytes(body)
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(link, "/etc/passwd")
    with path.open("rb") as stream:
        names = frozenset({link.filename, f"{BASC}007.nii.gz"})
        found = [name for name, pieces in archive.members_of(stream, names) if b"".join(pieces)]
    assert found == [f"{BASC}007.nii.gz"]


BOMB = gzip.compress(bytes(3_000_000), mtime=0)


@pytest.mark.parametrize(
    "body",
    [
        zipped({f"{BASC}007.nii.gz": bytes(3_000_000)}),
        tarred({f"{BASC}007.nii.gz": bytes(3_000_000)}),
        tarred({"elsewhere": bytes(30_000_000)}),
        gzip.compress(bytes(30_000_000)),
        tarred({}, member("x", tarfile.XHDTYPE, size=5_000_000)),
        tarred({}, member("x", tarfile.GNUTYPE_LONGNAME, size=5_000_000)),
        zipped(dict.fromkeys(map(str, range(9000)), b"")),
    ],
    ids=["zip", "tar", "passed over", "nothing", "pax", "long name", "directory"],
)
def test_bombs_are_given_up_early(mirror, tmp_path, monkeypatch, body):
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", 2_000_000)
    monkeypatch.setattr(archive, "MAX_EXPANDED_BYTES", 9_000_000)
    monkeypatch.setattr(archive, "_MAX_DIRECTORY_BYTES", 100_000)
    mirror.always(BASC_URL, answer(body))
    with pytest.raises(NetworkError, match="cannot be used"):
        basc(tmp_path)
    assert files(tmp_path) == set()


def test_an_archive_with_two_files_of_one_name_is_refused(mirror, tmp_path):
    out = tmp_path / "two.zip"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"{BASC}007.nii.gz", nifti_gz(label_values(7)))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(f"{BASC}007.nii.gz", nifti_gz(label_values(12)))
    mirror.always(BASC_URL, answer(out.read_bytes()))
    with pytest.raises(NetworkError, match="twice"):
        basc(tmp_path / "data")


def test_an_image_bomb_is_not_kept(mirror, tmp_path):
    """The header announces 8 TB; the file holds 1 MB."""
    head = bytearray(nifti(np.zeros((2, 2, 2), np.float64)))
    head[42:48] = np.array([10_000] * 3, "<i2").tobytes()
    mirror.always(SMITH_URL, answer(gzip.compress(bytes(head))))
    with pytest.raises(NetworkError, match="cannot be used"):
        fetch_atlas_smith_2009(data_dir=tmp_path, verbose=0)
    assert files(tmp_path) == set()


def test_what_nilearn_kept_is_used_and_not_changed(mirror, tmp_path, monkeypatch):
    theirs, mine = tmp_path / "nilearn_data", tmp_path / "mine"
    for name, data in harvard_oxford().items():
        path = theirs / "fsl" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    before = files(tmp_path)
    monkeypatch.setenv("NILEARN_DATA", str(theirs))
    monkeypatch.delenv("SKERRY_DATA", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(mine))
    found = get(None)
    assert found.filename == str(theirs / "fsl" / HO_IMAGE)
    assert mirror.asked == []
    assert files(tmp_path) == before
    Path(found.filename).write_bytes(b"damaged")
    assert get(None).filename == str(mine / "fsl" / HO_IMAGE)
    assert mirror.asked == [HO_URL]
    assert Path(found.filename).read_bytes() == b"damaged"


def test_skerry_data_names_the_folder(mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("SKERRY_DATA", str(tmp_path))
    assert get(None).filename == str(tmp_path / "fsl" / HO_IMAGE)


def test_offline_asks_nobody_and_says_what_to_do(mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("SKERRY_OFFLINE", "1")
    with pytest.raises(NetworkError, match=r"SKERRY_OFFLINE is set.* copy the folder to"):
        get(tmp_path)
    assert mirror.asked == []
    monkeypatch.setenv("SKERRY_OFFLINE", "0")
    get(tmp_path)
    monkeypatch.setenv("SKERRY_OFFLINE", "1")
    assert get(tmp_path).labels[0] == "Background"


def test_the_terms_are_said_once_on_standard_error(mirror, tmp_path, capsys):
    get(tmp_path)
    assert capsys.readouterr() == ("", "")
    for expected in (1, 0):
        fetch_atlas_harvard_oxford(HO_NAME, data_dir=tmp_path)
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("Licence: FSL's, for non-commercial use only") == expected
        assert err.count("doi:10.1016/j.schres.2005.11.020") == expected


def test_atlases_of_one_folder_say_their_own_terms(mirror, tmp_path, capsys):
    files_of_juelich = {
        "data/atlases/Juelich.xml": HO_XML,
        "data/atlases/Juelich/Juelich-maxprob-thr25-2mm.nii.gz": nifti_gz(label_values()),
    }
    mirror.pages[HO_URL.replace("9902/HarvardOxford", "12096/Juelich")] = answer(
        tarred(files_of_juelich)
    )
    fetch_atlas_harvard_oxford(HO_NAME, data_dir=tmp_path)
    fetch_atlas_juelich("maxprob-thr25-2mm", data_dir=tmp_path)
    said = capsys.readouterr().err
    assert said.count("Harvard-Oxford atlas. Licence:") == 1
    assert said.count("Juelich atlas. Licence:") == 1


def test_volumes_and_numbers_that_do_not_fit_the_names_are_refused(mirror, tmp_path):
    folder = tmp_path / "fsl" / "data" / "atlases"
    (folder / "Juelich").mkdir(parents=True)
    (folder / "Juelich.xml").write_bytes(HO_XML)
    (folder / "Juelich/Juelich-prob-2mm.nii.gz").write_bytes(nifti_gz(np.ones((4, 4, 4, 2))))
    (folder / "Juelich/Juelich-maxprob-thr25-2mm.nii.gz").write_bytes(
        nifti_gz(np.full((4, 4, 4), 0.5))
    )
    (folder / "Juelich/Juelich-prob-1mm.nii.gz").write_bytes(nifti_gz(np.ones((4, 4, 4))))
    for name, said in (
        ("prob-2mm", "hold 3 volumes"),
        ("prob-1mm", "hold 3 volumes"),
        ("maxprob-thr25-2mm", "numbers 0 to 3"),
    ):
        with pytest.raises(DamagedFileError, match=said):
            fetch_atlas_juelich(name, data_dir=tmp_path, verbose=0)
    assert mirror.asked == []


@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be asked whether it is")
def test_what_a_killed_process_left_is_swept(mirror, tmp_path):
    body = tarred(harvard_oxford())
    pieces = [body[at : at + 200] for at in range(0, len(body), 200)]
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    mirror.once(HO_URL, raw(head, *pieces, every_s=0.5))
    command = [sys.executable, "-c", FETCH, str(tmp_path), HO_NAME]
    with subprocess.Popen(command, env=os.environ) as process:
        until = time.monotonic() + 30
        while not list(tmp_path.rglob(".skerry-*")) and time.monotonic() < until:
            time.sleep(0.01)
        process.kill()
    assert list(tmp_path.rglob(".skerry-*"))
    get(tmp_path)
    assert files(tmp_path) == kept(*harvard_oxford())


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (b"<a><label index='0'>A</label><label index='2'>B</label></a>", "not numbered 0, 1, 2"),
        (b"<a><label index='0'>A</label><label index='0'>B</label></a>", "a number of its own"),
        (b"<a><label index='x'>A</label></a>", "a number of its own"),
        (b"<a><label index='0'>A</label></a>", "does not hold the numbers 0 to 1"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a><label index='0'>&b;</label></a>", "document type"),
        (b"<a><label index='0'>A", "not whole XML"),
    ],
)
def test_labels_that_do_not_fit_are_refused_in_one_line(mirror, tmp_path, xml, said):
    mirror.pages[HO_URL] = answer(tarred(harvard_oxford() | {HO_LABELS: xml}))
    with pytest.raises(SkerryError, match=said) as caught:
        get(tmp_path, symmetric_split=True)
    assert "\n" not in str(caught.value)


def test_a_talairach_image_without_its_names_is_refused(mirror, tmp_path):
    for url in ("/www.talairach.org/talairach.nii", "/osf.io/x4b2w/download"):
        mirror.pages[url] = answer(nifti(label_values()))
    with pytest.raises(NetworkError, match="it holds no names"):
        fetch_atlas_talairach("ba", data_dir=tmp_path, verbose=0)
    assert files(tmp_path) == set()


@pytest.mark.parametrize("table", ["index;name\n1;a\n", "index,name\nx,a\n", "index,name\n,a\n"])
def test_a_damaged_table_of_labels_is_said(mirror, tmp_path, table):
    content = {"destrieux2009.rst": b"about"}
    for side in ("", "_lateralized"):
        content[f"destrieux2009_rois_labels{side}.csv"] = table.encode()
        content[f"destrieux2009_rois{side}.nii.gz"] = nifti_gz(label_values())
    url = "/www.nitrc.org/frs/download.php/11942/destrieux2009.tgz"
    mirror.pages[url] = answer(tarred(content))
    with pytest.raises(DamagedFileError, match="is not a table of index and name"):
        fetch_atlas_destrieux_2009(data_dir=tmp_path, verbose=0)


def test_a_download_says_where_from_and_where_to(mirror, tmp_path, capsys):
    fetch_atlas_harvard_oxford(HO_NAME, data_dir=tmp_path)
    host = mirror.url.removeprefix("http://")
    assert f"Fetching the Harvard-Oxford atlas from {host} to {tmp_path}" in capsys.readouterr().err


def test_an_unwritable_folder_is_named(mirror, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="cannot be written"):
        get(tmp_path / "file")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/",
        "https://u:p@example.org/",
        "http://[",
    ],
)
def test_an_address_that_is_not_https_is_refused(monkeypatch, tmp_path, url):
    monkeypatch.delenv("SKERRY_ATLAS_MIRROR", raising=False)
    with pytest.raises(ArgumentError):
        fetch_atlas_destrieux_2009(url=url, data_dir=tmp_path, verbose=0)


def test_an_address_of_ones_own_is_asked(mirror, tmp_path, monkeypatch):
    monkeypatch.delenv("SKERRY_ATLAS_MIRROR")
    mirror.pages["/mine/PNAS_Smith09_rsn10.nii.gz"] = mirror.pages[SMITH_URL]
    found = fetch_atlas_smith_2009(url=f"{mirror.url}/mine/", data_dir=tmp_path, verbose=0)
    assert nibabel.load(found.maps).shape == (4, 4, 4, 10)
    with pytest.raises(ArgumentTypeError, match="url must be an address, got int"):
        fetch_atlas_smith_2009(url=3, data_dir=tmp_path, verbose=0)


def test_one_site_may_send_to_its_file_host_and_to_no_other():
    server, address = atlas_files.server_of("https://osf.io/pqu9r/download")
    assert server.admit(address) == address
    for good in ("https://files.osf.io/v1/x", "https://storage.googleapis.com/cos/x"):
        assert server.admit(good, after=address) == good
    for bad in ("https://example.org/x", "https://evilosf.io/x", "http://storage.googleapis.com/x"):
        if not bad.startswith("http://"):
            with pytest.raises(NetworkError):
                server.admit(bad, after=address)
        else:  # as for the site itself: asked over https
            assert server.admit(bad, after=address).startswith("https://")


def test_schaefer_takes_names_and_image_of_one_release(mirror, tmp_path):
    base = (
        "/raw.githubusercontent.com/ThomasYeoLab/CBIG/v0.14.3-Update_Yeo2011_Schaefer2018_labelname"
        "/stable_projects/brain_parcellation/Schaefer2018_LocalGlobal/Parcellations/MNI/"
    )
    stem = "Schaefer2018_100Parcels_7Networks_order"
    lines = [f"{n}\t7Networks_LH_Vis_{n}\t{n}\t18\t255\t0" for n in range(1, 101)]
    mirror.pages[f"{base}{stem}.txt"] = answer("\n".join(lines).encode())
    values = np.arange(720).reshape(10, 9, 8) % 101
    mirror.pages[f"{base}{stem}_FSLMNI152_2mm.nii.gz"] = answer(nifti_gz(values.astype(np.uint8)))
    found = fetch_atlas_schaefer_2018(100, resolution_mm=2, data_dir=tmp_path, verbose=0)
    assert found.labels[:2] == ["Background", "7Networks_LH_Vis_1"]
    assert found.lut.loc[10].to_list() == [10, "7Networks_LH_Vis_10", "#0a12ff"]
    mirror.pages[f"{base}{stem}.txt"] = answer(b"<html>log in</html>")
    with pytest.raises(NetworkError, match="web page"):
        fetch_atlas_schaefer_2018(100, data_dir=tmp_path / "other", verbose=0)


def test_a_number_is_the_same_number_whatever_its_type(mirror, tmp_path):
    one, other = (
        fetch_atlas_smith_2009(data_dir=tmp_path, verbose=0, dimension=n)
        for n in (10, np.float64(10))
    )
    assert one.maps == other.maps


@pytest.mark.parametrize("value", [True, [1], np.array([1, 2]), None, "1", 3])
def test_what_is_no_choice_is_refused(value):
    with pytest.raises(ArgumentError, match="'resolution_mm' must be one of 1, 2; got"):
        fetch_atlas_schaefer_2018(100, resolution_mm=value, verbose=0)


def test_processes_that_fetch_the_same_atlas_at_once_all_get_it(mirror, tmp_path):
    body = tarred(harvard_oxford())
    pieces = [body[at : at + 500] for at in range(0, len(body), 500)]
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    mirror.pages[HO_URL] = raw(head, *pieces, every_s=0.02)
    command = [sys.executable, "-c", FETCH, str(tmp_path), HO_NAME]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
        for _ in range(3)
    ]
    assert [process.communicate(timeout=60)[0] for process in processes] == ["4\n"] * 3
    assert files(tmp_path) == kept(*harvard_oxford())
