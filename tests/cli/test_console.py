"""What is said while a bar stands on the terminal."""

from __future__ import annotations

import pytest

from cli.terminal import terminal_of
from skerry.cli import console

LONG = "skerry: note: [bold]a threshold of 97 is above the maximum of the map[/bold] by far"


def test_a_note_beside_a_bar_is_one_line_and_no_markup(monkeypatch):
    terminal = terminal_of(monkeypatch)
    with console.progress(2) as begin:
        begin("find regions")
        console.say(LONG)
        begin("draw them")
    console.say("after")
    said = terminal.getvalue()
    assert LONG + "\n" in said
    assert said.endswith("after\n")


def test_an_error_is_said_plainly_once_the_bar_is_gone(monkeypatch):
    terminal = terminal_of(monkeypatch)

    def fail():
        with console.progress(2) as begin:
            begin("find regions")
            raise KeyError("no")

    with pytest.raises(KeyError, match="no"):
        fail()
    console.error("a\nb")
    assert terminal.getvalue().endswith("skerry: error: a\\nb\n")
