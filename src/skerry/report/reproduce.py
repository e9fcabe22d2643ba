"""The command line and the Python lines that make a page again.

Both hold placeholders that the page fills with its state: `{threshold}`,
`{sign}` and `{min_volume}`; other braces are written twice. Files are named
without their folders: a page is sent to others, who have other folders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skerry.io.paths import NEUROVAULT
from skerry.regions.threshold import parse_threshold
from skerry.report.listing import Listing
from skerry.report.record import file_name

if TYPE_CHECKING:
    from skerry.regions.regions import Regions
    from skerry.report.contents import Contents


def command_words(contents: Contents) -> list[str] | None:
    """Give the words of the command line that makes a page; None where none can."""
    if _unknown(contents):
        return None
    found, made_from, listing = contents.regions, contents.made_from, contents.listing
    usual = Listing()
    options: list[tuple[str, Any]] = [
        ("--connectivity", _unless(found.connectivity, 26)),
        ("--mask", made_from.mask and _word_of_file(made_from.mask)),
        ("--kind", found.statmap.kind),
        ("--df", ",".join(_number(n) for n in _df(contents)) or None),
        ("--volume", made_from.volume),
        ("--prominence", listing.min_prominence or None),
        ("--smooth-fwhm", listing.smoothing_fwhm_mm),
        ("--peak-distance", _unless(listing.peak_distance_mm, usual.peak_distance_mm)),
        ("--max-peaks", _unless(_or_all(listing.max_peaks, "all"), usual.max_peaks)),
        *(("--atlas", _word_of_file(name)) for name in made_from.atlases),
        ("--title", contents.title),
        ("--background", made_from.background and _word_of_file(made_from.background)),
    ]
    words = ["skerry", "report", escaped(_word_of_file(made_from.map or ""))]
    words += ["-t", "{threshold}", "--sign", "{sign}", "--min-volume", "{min_volume}"]
    for name, value in options:
        if value is not None:
            # One word, so that a value that begins with a dash is no option.
            words.append(escaped(f"{name}={value}"))
    words += ["--quote-formulas"] if listing.quote_formulas else []
    return words + (["--split"] if listing.split else [])


def python_lines(contents: Contents) -> str:
    """Give the Python lines that make a page; what they cannot know is said in a comment."""
    found, made_from, listing = contents.regions, contents.made_from, contents.listing
    lines = [f"# {gap}" for gap in _unknown(contents)] + ["import skerry", ""]
    source = "..." if made_from.map is None else _quoted(file_name(made_from.map))
    if made_from.map and (archived := NEUROVAULT.fullmatch(made_from.map)):
        lines[-1:] = ["from skerry.datasets import fetch_neurovault_ids", ""]
        source = f"fetch_neurovault_ids(image_ids=[{archived[1]}]).images[0]"
    reading = _reading(contents)
    if made_from.volume is not None or made_from.n_volumes > 1:
        volume = "..." if made_from.volume is None else str(made_from.volume)
        lines.append(_call("statmap = skerry.load_map", [source, f"volume={volume}", *reading]))
        source, reading = "statmap", []
    lines.append(
        _call(
            "regions = skerry.find_regions",
            [
                source,
                "{threshold}",
                'sign="{sign}"',
                f"connectivity={found.connectivity}",
                "min_volume_mm3={min_volume}",
                *reading,
            ],
        )
    )
    if listing.split:
        split = [
            "regions",
            f"min_prominence={_number(listing.min_prominence)}",
            "min_volume_mm3={min_volume}",
            f"smoothing_fwhm_mm={listing.smoothing_fwhm_mm!r}",
        ]
        lines.append(_call("regions = skerry.split_regions", split))
    lines.append(_call("report = skerry.make_report", ["regions", *_reporting(contents)]))
    lines.append(f"report.save({_quoted(found.statmap.name + '_report.html')})")
    return "\n".join(lines) + "\n"


def initial_threshold(found: Regions) -> dict[str, str]:
    """Give what stands for `{threshold}` in both when the page opens."""
    asked = parse_threshold(found.asked)
    if asked.form == "value":
        return {"command_threshold": str(asked), "python_threshold": repr(asked.number)}
    # A shell takes < and > for itself; = means the same.
    in_shell = str(asked).replace("<", "=").replace(">", "=")
    return {"command_threshold": in_shell, "python_threshold": f'"{asked}"'}


def escaped(text: str) -> str:
    """Write the braces of a text so that they are no placeholders."""
    return text.replace("{", "{{").replace("}", "}}")


def _unknown(contents: Contents) -> list[str]:
    gaps = list(contents.made_from.unknown)
    columns = contents.regions.columns
    if "part_of" in columns and not contents.listing.split:
        gaps.append("how regions were split is not known here")
    elif contents.given is not None and not {"part_of", "height"} & columns.keys():
        gaps.append("which regions were selected is not known here")
    return gaps


def _df(contents: Contents) -> tuple[float, ...]:
    df = contents.regions.statmap.df
    return () if df is None else df if isinstance(df, tuple) else (df,)


def _reading(contents: Contents) -> list[str]:
    """Give the arguments that say how the map was read."""
    statmap, made_from = contents.regions.statmap, contents.made_from
    arguments = []
    if made_from.mask is not None:
        arguments.append(f"mask={_quoted(file_name(made_from.mask))}")
    elif made_from.has_own_mask:
        arguments.append("mask=...")
    if statmap.kind is not None:
        arguments.append(f'kind="{statmap.kind}"')
    if statmap.df is not None:
        numbers = ", ".join(_number(n) for n in _df(contents))
        arguments.append(f"df=({numbers})" if isinstance(statmap.df, tuple) else f"df={numbers}")
    return arguments


def _reporting(contents: Contents) -> list[str]:
    """Give the arguments of `make_report` that are not the usual ones."""
    made_from, listing, usual = contents.made_from, contents.listing, Listing()
    atlases = ", ".join(_quoted(name) for name in made_from.atlases)
    background = made_from.background
    options = {
        "title": None if contents.title is None else _quoted(contents.title),
        "background": None if background is None else _quoted(file_name(background)),
        "atlas": f"[{atlases}]" if atlases else None,
        "min_distance_mm": _unless(listing.peak_distance_mm, usual.peak_distance_mm),
        "max_peaks": _unless(_or_all(listing.max_peaks, "None"), usual.max_peaks),
        "min_prominence": listing.min_prominence or None,
    }
    return [f"{name}={value}" for name, value in options.items() if value is not None]


def _quoted(text: str) -> str:
    """Write text as Python does, in double quotes where it holds none; braces twice."""
    written = repr(text)
    if '"' not in text:
        written = '"' + written[1:-1].replace("\\'", "'") + '"'
    return escaped(written)


def _number(number: float) -> str:
    return repr(float(number)).removesuffix(".0")


def _unless(value: Any, usual: Any) -> Any:
    return None if value == usual else value


def _or_all(count: int | None, every: str) -> int | str:
    """Give a count, or the word that stands for no limit."""
    return every if count is None else count


def _word_of_file(path: str) -> str:
    name = file_name(path)
    return f"./{name}" if name.startswith("-") else name


def _call(function: str, arguments: list[str]) -> str:
    """Write a call on one line, or an argument a line where that is too long."""
    one_line = f"{function}({', '.join(arguments)})"
    if len(one_line) <= 88:
        return one_line
    return "\n".join([f"{function}(", *(f"    {argument}," for argument in arguments), ")"])
