"""Maps and the reading of pages, for the tests of reports."""

from __future__ import annotations

import json
import re
from typing import Any

import nibabel
import numpy as np

import skerry
from skerry.datasets import load_sample_motor_activation_image

SAMPLE = load_sample_motor_activation_image()
HOSTILE = "</script><script>alert(1)</script>\"'{{7*7}}{threshold}{sign}\u2028&amp;<!--$x\\"


def facts_in(page: str) -> dict[str, Any]:
    """Read the facts that a page carries, as a browser does."""
    found = re.search(
        r'<script type="application/json" id="skerry-facts">(.*?)</script', page, flags=re.DOTALL
    )
    assert found is not None
    return json.loads(found[1])


def filled(methods: dict[str, Any], text: str, threshold: str) -> str:
    """Fill the placeholders of a text with the state that the page opens in."""
    initial = methods["initial"]
    return text.format(
        threshold=threshold,
        how=initial["how"],
        sign=initial["sign"],
        signs=methods["words"]["signs"][initial["sign"]],
        sides=methods["words"]["sides"][initial["sign"]],
        min_volume=f"{initial['min_volume']:g}",
        extent=methods["words"]["extent"]["some" if initial["min_volume"] else "none"].format(
            min_volume=f"{initial['min_volume']:g}"
        ),
        n_regions="18 regions",
    )


def paragraph(methods: dict[str, Any]) -> str:
    """Give the methods paragraph as it reads when the page opens."""
    return filled(methods, " ".join(methods["paragraph"]), methods["initial"]["words"])


def command(methods: dict[str, Any]) -> list[str]:
    """Give the words of the command line as they read when the page opens."""
    return [
        filled(methods, word, methods["initial"]["command_threshold"])
        for word in methods["command"]
    ]


def python(methods: dict[str, Any]) -> str:
    """Give the Python lines as they read when the page opens."""
    return filled(methods, methods["python"], methods["initial"]["python_threshold"])


def noise(shape: tuple[int, ...] = (12, 12, 12), affine: Any = None) -> nibabel.Nifti1Image:
    """Give noise as an image in memory."""
    values = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    return nibabel.Nifti1Image(values, np.diag([2.0, 2, 2, 1]) if affine is None else affine)


def sample_regions(threshold: Any = 3, **options: Any) -> skerry.Regions:
    """Find regions of the embedded map."""
    return skerry.find_regions(SAMPLE, threshold, **options)
