"""What a page is told: the map and its regions, and how all was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from skerry.report.contents import Contents


def page_facts(contents: Contents) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Pack a map and what is said of it for a page.

    Parameters
    ----------
    contents : Contents

    Returns
    -------
    facts : dict
        As JSON knows it.
    blocks : dict of str to bytes
        Arrays that the facts speak of.
    """
    from skerry.page.pack import pack
    from skerry.report.record import record_to_send, regions_record

    listing, background = contents.listing, contents.background
    facts, blocks = pack(
        contents.regions,
        space=contents.in_mni,
        background=background.img,
        background_name=background.name,
        atlases=contents.atlases,
        peak_distance_mm=listing.peak_distance_mm,
        max_peaks=listing.max_peaks,
        min_prominence=listing.min_prominence,
        quote_formulas=listing.quote_formulas,
    )
    facts["title"] = contents.title
    said = regions_record(
        contents.regions, listing, mask=contents.made_from.mask, atlases=contents.atlases
    )
    facts["record"] = record_to_send(said)
    facts["methods"] = methods_facts(contents)
    facts["given"] = _given(contents)
    facts["notes"] = [*contents.regions.notes, contents.background.note]
    return facts, blocks


def methods_facts(contents: Contents) -> dict[str, Any]:
    """Give the methods paragraph with its citations, and the lines that make the page again."""
    from skerry.report.methods import methods_paragraph, words_by_state, words_now
    from skerry.report.reproduce import command_words, initial_threshold, python_lines

    sentences, works = methods_paragraph(contents)
    found = contents.regions
    return {
        "paragraph": sentences,
        "citations": [work.entry for work in works],
        "command": command_words(contents),
        "python": python_lines(contents),
        "words": words_by_state(found.statmap),
        "initial": words_now(found) | initial_threshold(found),
        "low_forming": _low_forming(contents),
    }


def _low_forming(contents: Contents) -> dict[str, Any] | None:
    """Say below which height p values of clusters are not to be trusted."""
    from skerry.regions.certainty import EKLUND, SAFE_FORMING_Z
    from skerry.regions.evidence import evidence_if_known
    from skerry.stats.convert import z_to_log_p
    from skerry.stats.of_kind import value_of_log_p

    found = contents.regions
    evidence = evidence_if_known(found.statmap, found.sign)
    if evidence is None or not found.statmap.n_in_mask:
        return None
    log_p = float(z_to_log_p(np.float64(SAFE_FORMING_Z - 0.01)))  # 3.09 is p < 0.001
    return {
        "height": float(value_of_log_p(log_p, evidence.kind, evidence.df)),
        "text": "p values of clusters are too small in practice when regions are formed below "
        f"z = {SAFE_FORMING_Z} ({EKLUND})",
    }


def _given(contents: Contents) -> dict[str, Any] | None:
    if contents.given is None:
        return None
    from skerry.tables.region_table import region_columns

    columns = region_columns(
        contents.regions,
        min_prominence=contents.listing.min_prominence,
        atlases=contents.atlases,
    )
    return contents.given.facts(columns)
