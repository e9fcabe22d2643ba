"""The page that says what a batch came to."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skerry.batch.folder.record import RECORD
from skerry.batch.parts.part import PARTS
from skerry.batch.parts.results import open_results
from skerry.batch.recurring.frequency import SIDES
from skerry.batch.recurring.frequency_files import (
    counted_groups,
    each_frequency,
    remove_frequencies,
    save_frequency,
)
from skerry.batch.summary.facts import summary_facts
from skerry.batch.summary.slices import draw_scale, draw_slices, look_of
from skerry.batch.summary.wording import readable_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skerry.batch.recurring.frequency_files import GridFrequency
    from skerry.typing import PathLike

PAGE = "summary.html"
_FIGURES = "figures.json"
_MOST_FIGURES = 3


def write_summary(
    out: PathLike, record: Mapping[str, Any] | None = None, *, recount: bool = True
) -> Path:
    """Write the frequency maps of a batch and the page that says what it came to.

    Parameters
    ----------
    out : path
        Folder of a batch, with its tables and parts.
    record : mapping, optional
        What is, or will be, in its `run.json`.
    recount : bool
        Whether to make the frequency maps, or to keep those that are there:
        the maps have not changed.

    Returns
    -------
    Path
        `OUT/summary.html`: one file that runs nothing and loads nothing from
        anywhere. The frequency maps are in `OUT/frequency/`.

    Raises
    ------
    MissingFileError, DamagedFileError
        If the folder holds no batch, or what it holds is damaged.
    OutputError
        If a file cannot be written.
    """
    from skerry.io.save import save_text

    folder = Path(out)
    kept = None if recount else _kept(folder)
    figures, notes = _frequencies(folder) if kept is None else kept
    facts = summary_facts(folder, _record_of(folder) if record is None else record)
    style = _style()
    text = _template().render(
        facts=facts, figures=figures, notes=notes, style=_markup(style), policy=_policy(style)
    )
    save_text(text, folder / PAGE)
    return folder / PAGE


def _frequencies(out: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Write the images, draw the commonest grids, and keep the drawings for the next page."""
    from skerry.io.save import save_json

    results = open_results(out)
    counted = counted_groups(results)
    remove_frequencies(out)
    figures: list[dict[str, Any]] = []
    for one in each_frequency(results, counted.groups):
        save_frequency(one, out)
        if len(figures) < _MOST_FIGURES:
            figures.append(_figure(one))
    notes = list(counted.notes)
    save_json({"figures": figures, "notes": notes}, out / PARTS / _FIGURES)
    return figures, notes


def _kept(out: Path) -> tuple[list[dict[str, Any]], list[str]] | None:
    """Give the drawings of the last page; None where they are not there whole."""
    try:
        kept = json.loads((out / PARTS / _FIGURES).read_text("utf-8"))
        return kept["figures"], kept["notes"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _figure(one: GridFrequency) -> dict[str, Any]:
    """Give what the page shows of the maps on one grid, as JSON knows it."""
    frequency, n_maps = one.frequency, one.frequency.n_maps
    sides = [side for side in SIDES if frequency.highest(side)]
    figure: dict[str, Any] = {"grid": str(one.group), "n_maps": n_maps, "pictures": []}
    if not sides:
        return figure
    look = look_of(frequency)
    pictures = [
        {
            "side": side,
            "share": readable_number(100 * frequency.highest(side) / n_maps),
            "slices": [picture._asdict() for picture in draw_slices(frequency, side, look)],
            "scale": draw_scale(side),
        }
        for side in sides
    ]
    end = readable_number(100 * look.highest / n_maps)
    return figure | {"pictures": pictures, "over_mni": look.over_mni, "scale_end": end}


def _record_of(out: Path) -> Mapping[str, Any]:
    """Read `run.json`; nothing where there is none that can be read."""
    try:
        record = json.loads((out / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _markup(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  # our own style sheet


@cache
def _style() -> str:
    return (resources.files("skerry.batch") / "sources" / "summary.css").read_text("utf-8")


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = readable_number
    source = resources.files("skerry.batch") / "sources" / "summary.html.j2"
    return environment.from_string(source.read_text("utf-8"))
