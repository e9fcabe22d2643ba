"""One HTML file: a map, its regions, and the means to explore them."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from skerry.typing import PathLike

# In this order: what comes later has the last word.
_STYLES = (
    "base.css",
    "controls.css",
    "threshold.css",
    "viewer.css",
    "map_only.css",
    "table.css",
    "made.css",
    "print.css",
)
_FRAME_HEIGHT = 820  # px in a notebook: the slider, the slices and some rows


@dataclass(frozen=True, eq=False)
class Page:
    """A page that needs no network, no server and no other file.

    Parameters
    ----------
    facts : mapping
        What the page shows, as JSON knows it: numbers, text, lists, mappings.
        All text in it is shown as text, whatever it holds.
    blocks : mapping of str to bytes
        Arrays as bytes, not yet compressed, under the names by which `facts`
        speaks of them.
    """

    facts: Mapping[str, Any] = field(repr=False)
    blocks: Mapping[str, bytes] = field(repr=False)

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        title = str(self.facts.get("title") or self.facts.get("name") or "skerry")
        # File names may hold bytes that are no UTF-8; the page is.
        return title.encode("utf-8", "replace").decode("utf-8")

    @cached_property
    def html(self) -> str:
        """The whole page as text."""
        style, script = _style(), _script()
        return str(
            _template().render(
                title=self.title,
                policy=content_policy(style, script),
                style=_markup(style),
                script=_markup(script),
                facts=_markup(script_json(self.facts)),
                blocks=[(name, _markup(packed(data))) for name, data in self.blocks.items()],
            )
        )

    def save(self, path: PathLike) -> None:
        """Write the page as one HTML file, whole or not at all.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        from skerry.io.save import save_text

        save_text(self.html, path)

    def _repr_html_(self) -> str:
        return framed(self.html, "100%", _FRAME_HEIGHT)


def framed(page: str, width: int | str, height: int) -> str:
    """Give a page in a frame, to be put into another page, as in a notebook.

    Parameters
    ----------
    page : str
        The whole page as text.
    width, height : int or str
        Pixels, or a share of the page around it as CSS writes it.

    Returns
    -------
    str
        HTML. The frame has an origin of its own: nothing in it can touch the
        page around it, nor that page it.
    """
    return (
        f'<iframe srcdoc="{html.escape(page)}" width="{width}" height="{height}" '
        'sandbox="allow-scripts allow-downloads" frameborder="0"></iframe>'
    )


def content_policy(style: str, script: str) -> str:
    """Give a Content-Security-Policy under which only these two texts have a say.

    Parameters
    ----------
    style, script : str
        Contents of the page's one style element and its one script element that runs.

    Returns
    -------
    str
        Nothing may be fetched from anywhere, nor sent.
    """
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def script_json(facts: Mapping[str, Any]) -> str:
    r"""Write facts as JSON that can stand inside a script element.

    Characters that could end the element, or a line of script, are written as
    ``\\uXXXX``; lone surrogates too, so that the page is valid UTF-8.

    Raises
    ------
    ArgumentError
        If the facts hold NaN, an infinity, or what JSON cannot hold.
    """
    try:
        text = json.dumps(
            facts, ensure_ascii=True, allow_nan=False, separators=(",", ":"), default=_plain
        )
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"the facts of a page do not fit JSON: {error}") from error
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def packed(data: bytes) -> str:
    """Compress bytes with gzip and write them as base64."""
    from skerry.io.pack import GzipWriter

    stream = io.BytesIO()
    with GzipWriter(stream) as writer:
        writer.write(data)
    return base64.b64encode(stream.getvalue()).decode("ascii")


def _plain(value: Any) -> Any:
    """Give NumPy scalars and arrays, and mappings, as what JSON knows."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "items"):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not a number, text, list or mapping")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _markup(text: str) -> Any:
    """Mark text that was made safe here, so that jinja2 leaves it alone."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  # our own sources, escaped JSON and base64 only


def _sources() -> Traversable:
    return resources.files("skerry.page") / "sources"


@cache
def _style() -> str:
    style = "\n".join((_sources() / name).read_text(encoding="utf-8") for name in _STYLES)
    if "</" in style:
        raise ArgumentError("a style sheet of the page holds text that would end its element")
    return style


@cache
def _script() -> str:
    from skerry.page.bundle import bundle

    return bundle(dict(_modules(_sources(), "")))


def _modules(folder: Traversable, path: str) -> list[tuple[str, str]]:
    """Give every module below a folder, with its path."""
    found = []
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            found += _modules(item, f"{path}{item.name}/")
        elif item.name.endswith(".js"):
            found.append((path + item.name, item.read_text(encoding="utf-8")))
    return found


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    # Newlines inside style and script count: the policy is by the hash of their bytes.
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.from_string((_sources() / "page.html.j2").read_text(encoding="utf-8"))
