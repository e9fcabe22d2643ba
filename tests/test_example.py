"""The gallery example and its notebook are one text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.mark.parametrize("script", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_the_notebook_holds_the_code_of_the_script(script):
    notebook = json.loads(script.with_suffix(".ipynb").read_text())
    code = [
        "".join(cell["source"]).strip() for cell in notebook["cells"] if cell["cell_type"] == "code"
    ]
    blocks = script.read_text().split("# %%\n")[1:]
    written = [
        "\n".join(line for line in block.splitlines() if not line.startswith("#")).strip()
        for block in blocks
    ]
    assert code == [block for block in written if block]
