"""The page as a file: what is in it, and that nothing in it can run but our own script."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from skerry.errors import ArgumentError
from skerry.page.page import Page, packed, script_json

HOSTILE = "</script><script>alert(1)</script><!--\"'&<img src=x onerror=alert(2)>\u2028\ud800"


class Parts(HTMLParser):
    """Elements with their attributes, and the text of each script, style and title."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self._open = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style", "title", "h1"):
            self._open = (tag, dict(attrs), [])
            self.texts.append(self._open)

    def handle_endtag(self, tag):
        if self._open and self._open[0] == tag:
            self._open = None

    def handle_data(self, data):
        if self._open:
            self._open[2].append(data)

    def text_of(self, tag, **wanted):
        return [
            "".join(text)
            for name, attributes, text in self.texts
            if name == tag and wanted.items() <= attributes.items()
        ]


def page(title="A map", **blocks):
    return Page({"schema": 1, "title": title, "name": "map"}, blocks)


def test_facts_and_blocks_come_back_as_they_were():
    data = np.arange(100, dtype="<f4").tobytes()
    parts = Parts(page(values=data).html)
    (facts,) = parts.text_of("script", id="skerry-facts")
    assert json.loads(facts) == {"schema": 1, "title": "A map", "name": "map"}
    (block,) = parts.text_of("script", **{"data-block": "values"})
    assert gzip.decompress(base64.b64decode(block)) == data


def test_the_policy_names_the_one_style_and_the_one_script_and_lets_nothing_out():
    parts = Parts(page().html)
    (policy,) = (
        a["content"] for tag, a in parts.elements
        if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )  # fmt: skip
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for rule, tag, wanted in (
        ("script-src", "script", {"type": "module"}),
        ("style-src", "style", {}),
    ):
        (text,) = parts.text_of(tag, **wanted)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"


def test_nothing_in_the_page_points_elsewhere():
    outside = [
        (tag, name, value)
        for tag, attributes in Parts(page().html).elements
        for name, value in attributes.items()
        if name in ("src", "href", "action", "poster", "data")
        and not (value or "").startswith(("#", "data:"))
    ]
    assert outside == []


def test_no_element_has_an_inline_style_or_an_event_handler():
    names = {name for _, attributes in Parts(page().html).elements for name in attributes}
    assert [name for name in names if name == "style" or name.startswith("on")] == []


def test_hostile_text_stays_text():
    harmless = Parts(page("A map", a=b"1").html)
    parts = Parts(page(HOSTILE, **{'a"><script>alert(3)</script>': b"1"}).html)
    assert [tag for tag, _ in parts.elements] == [tag for tag, _ in harmless.elements]
    (facts,) = parts.text_of("script", id="skerry-facts")
    assert json.loads(facts)["title"] == HOSTILE
    assert not re.search(r"[<>&\u2028]", facts)
    assert parts.text_of("title") == [HOSTILE.replace("\ud800", "?")]


def test_a_title_that_is_no_unicode_can_be_saved(tmp_path):
    page(HOSTILE).save(tmp_path / "page.html")
    assert "</html>" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_same_facts_give_the_same_bytes(tmp_path):
    for name in ("a.html", "b.html"):
        page(values=bytes(1000)).save(tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_numbers_of_numpy_are_plain_and_nan_is_refused():
    facts = {"a": np.float64(1.5), "b": np.arange(3), "c": np.bool_(True)}
    assert json.loads(script_json(facts)) == {"a": 1.5, "b": [0, 1, 2], "c": True}
    with pytest.raises(ArgumentError, match="do not fit JSON"):
        script_json({"a": float("nan")})
    with pytest.raises(ArgumentError, match="set is not a number"):
        script_json({"a": {1}})


def test_packing_has_no_date_in_it():
    assert gzip.decompress(base64.b64decode(packed(b"abc"))) == b"abc"
    assert base64.b64decode(packed(b"abc"))[4:8] == bytes(4)


def test_a_notebook_shows_it_in_a_frame_of_its_own_origin():
    ((tag, attributes),) = Parts(page(HOSTILE)._repr_html_()).elements
    assert tag == "iframe"
    assert attributes["srcdoc"] == page(HOSTILE).html
    assert "allow-same-origin" not in attributes["sandbox"]
