"""Every kind of label file gives its names; a hostile one gives one clear line."""

from __future__ import annotations

import contextlib
import gzip
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skerry.atlas.label_file import read_label_names
from skerry.errors import ArgumentError, ImageFileError, MissingFileError, SkerryError
from skerry.tables.columns import REGION_COLUMNS

TWO = {1: "Left Heschl", 2: "Right Heschl"}
FSL = """<?xml version="1.0" encoding="ISO-8859-1"?>
<atlas version="1.0"><header><name>Example</name><type>{kind}</type></header>
<data><label index="{a}" x="1" y="2" z="3">Left Heschl</label>
<label index="{b}" x="1" y="2" z="3">Right Heschl</label></data></atlas>"""
SPM = """<?xml version="1.0" encoding="UTF-8"?>
<atlas version="2.0"><header><name>Example</name></header><data><!-- x -->
<label><index>1</index><short_name>lH</short_name><name>Left Heschl</name></label>
<label><index>2</index><name>Right Heschl</name></label></data></atlas>"""


@pytest.fixture
def read(tmp_path):
    def write_and_read(text: str | bytes, name: str = "labels.txt"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_label_names(path)

    return write_and_read


@pytest.mark.parametrize(
    "text",
    [
        "index\tname\n1\tLeft Heschl\n2\tRight Heschl\n",
        "index\tname\tcolor\n0\tBackground\t#000\n1\tLeft Heschl\t#fff\n2\tRight Heschl\t#000\n",
        "name\tlabel\nLeft Heschl\t1\nRight Heschl\t2\n",
        "index,name\n0,Background\n1,Left Heschl\n2,Right Heschl\n",
        '\ufeffROI ID;ROI Name\r\n1;"Left Heschl"\r\n2;Right Heschl\r\n',
        "index,name\n1.0,Left Heschl\n2.0,Right Heschl\n",
        "1 Left Heschl\n2 Right Heschl\n",
        "1: Left Heschl\n2: Right Heschl\n",
        "1\tLeft Heschl\n2\tRight Heschl\n",
        "# a comment\n\n0 Unknown 0 0 0 0\n1 Left Heschl 25 5 25 0\n2 Right Heschl 255 1 9 0\n",
        "1 0.1 0.2 0.30 Left Heschl\n2 1 0 0 Right Heschl\n",  # FSLeyes .lut
        '1 255 0 0 1 1 1 "Left Heschl"\n2 0 255 0 0.5 1 1 "Right Heschl"\n',  # ITK-SNAP
        "HL\tLeft Heschl\t1\nHR\tRight Heschl\t2\n",  # SPM's AAL
        "Left Heschl\n1 255 0 0 255\nRight Heschl\n2 0 255 0 255\n",  # Workbench
        "Left Heschl\nRight Heschl\n",
        "Background\nLeft Heschl\nRight Heschl\n",
        FSL.format(kind="Label", a=1, b=2),
        FSL.format(kind="Probabilistic", a=0, b=1),
        SPM,
    ],
)
def test_every_form_gives_the_same_names(read, text):
    assert read(text).names == TWO


def test_a_table_gives_networks_too(read):
    found = read("index\tname\tnetwork\n1\tA\tVisual\n2\tB\t\n")
    assert (found.names, found.networks) == ({1: "A", 2: "B"}, {1: "Visual"})


def test_the_table_of_regions_names_them_by_number(read):
    head = "\t".join(column.name for column in REGION_COLUMNS[:4])
    table = f"{head}\n1\tpositive\t9\t72\n2\tnegative\t4\t32\n"
    assert read(table).names == {1: "region 1", 2: "region 2"}
    with pytest.raises(ArgumentError, match="line 3: there is no whole number"):
        read(table.replace("2\t", "x\t", 1))


def test_names_in_other_encodings_are_read(read):
    assert read("1 Précunéus\n".encode("cp1252")).names == {1: "Précunéus"}
    assert read("1 Précunéus\n".encode("utf-16")).names == {1: "Précunéus"}


def test_control_characters_of_names_become_spaces(read):
    text = 'index,name\n1,"a\tb\x07\x1b[31mc\u2028"\n2,=cmd()\n3,' + "x" * 999 + "\n"
    names = read(text).names
    assert names[1] == "a b [31mc"
    assert names[2] == "=cmd()"
    assert len(names[3]) == 200


def test_a_gzipped_file_of_names_is_read(read):
    assert read(gzip.compress(b"1 A\n2 B\n")).names == {1: "A", 2: "B"}


def test_an_open_quote_does_not_swallow_the_next_line(read):
    assert read('index,name\n1,"A\n2,B\n').names == {1: "A", 2: "B"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        (" \n", "holds no names"),
        ("index\tname\n", "holds no names"),
        ("0 Background\n", "holds no names"),
        ("1 A\n1 B\n", "gives label 1 two names, 'A' and 'B'"),
        ("-1 A\n2 B\n", "names label -1"),
        ("99999999999 A\n2 B\n", "names label 99999999999"),
        ("9" * 30 + " A\n2 B\n", "names label 9999"),
        ("index\tname\nx\tA\n", "line 2: there is no whole number"),
        ("index\tname\n1.5\tA\n", "line 2: there is no whole number"),
        ("1 A\n2 B\n3 C\nnonsense\n", "line 4: 'nonsense' does not read like"),
        (b"\x1f\x8b\x08\x00", "gzip data stop before their end"),
        (b"1 a\x00b\n", "is not a text file"),
        ("<atlas><data>", "is not whole XML"),
        ("<atlas></atlas>", "holds no names"),
        ("<a>" * 101 + "</a>" * 101, "more than 100 deep"),
        ("1 " + "x" * 2000, "line 1 has more than 1000 characters"),
        ("index,name\n1," + "x" * 200_000, "line 2 has more than 1000 characters"),
        ("1 a\n" * 100_001, "more than 100000 lines"),
        ("<a><label index='x'>A</label></a>", "no whole number"),
        ('<!DOCTYPE a [<!ENTITY b "b">]><a><label index="1">&b;</label></a>', "document type"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>', "document type"),
    ],
)
def test_what_is_no_label_file_is_refused_in_one_line(read, text, said):
    with pytest.raises((ArgumentError, ImageFileError)) as caught:
        read(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "labels.txt" in str(caught.value)


def test_a_row_given_twice_alike_is_one(read):
    assert read("1 A\n1 A\n").names == {1: "A"}


def test_a_file_that_is_not_there_or_a_folder_says_so(tmp_path):
    with pytest.raises(MissingFileError, match=r"File not found: .*absent\.txt"):
        read_label_names(tmp_path / "absent.txt")
    with pytest.raises(ImageFileError, match="is a folder"):
        read_label_names(tmp_path)


def test_an_endless_file_is_refused(read):
    with pytest.raises(ImageFileError, match="16 MiB"):
        read(b"1 a\n" * 2**22 + b"!")


_PIECES = st.sampled_from(
    ["1", "-2", "3.0", " ", "\t", ",", ";", "\n", "\r", '"', "#", "name", "index", "label", "é",
     "255", "0.5", "\x85", "\ud800", "<", "<a>", "</a>", "<label index='1'>", "</label>", "&lt;"]
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.one_of(st.lists(_PIECES, max_size=30).map("".join), st.binary(max_size=60)))
@example("index\tname\n1")
@example("name\tindex\n1")
@example('"\n"')
def test_any_bytes_give_names_or_an_error_of_our_own(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any_labels.txt"
    path.write_bytes(
        content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    )
    found = None
    with contextlib.suppress(SkerryError):  # any other error fails
        found = read_label_names(path)
    if found is not None:
        assert found.names
        assert all(name.isprintable() and number > 0 for number, name in found.names.items())


@pytest.mark.parametrize(
    "line",
    [
        "1 " + "1" * 990,
        "1" + " \t" * 490,
        "1 " + "1 " * 490,
        "1 x" + " 1" * 490 + "x",
        "\t" * 900 + "x",
    ],
)
def test_no_line_takes_long(read, line):
    start = time.perf_counter()
    with contextlib.suppress(ArgumentError):
        read("\n".join(f"{line}{n}" for n in range(300)))
    assert time.perf_counter() - start < 5


def test_a_long_text_in_xml_takes_no_long(read):
    start = time.perf_counter()
    names = read("<a><label index='1'>" + "x\n" * 2**19 + "</label></a>").names
    assert len(names[1]) == 200
    assert time.perf_counter() - start < 5
