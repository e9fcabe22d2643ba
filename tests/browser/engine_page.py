"""A bare page that holds the engine and some packed maps, and what Python says of them."""

from __future__ import annotations

import base64
import gzip
import json
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.page.bundle import bundle
from skerry.page.page import packed, script_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skerry.page.pack import Packed

_SCRIPT = """
import {openEngine} from "./engine/engine.js";

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
const maps = JSON.parse(document.getElementById("maps").textContent);
window.engines = {};
window.open1 = async (name) => {
  const {facts, blocks} = maps[name];
  window.engines[name] ??= await openEngine(facts, (block) => unpacked(blocks[block]));
  return window.engines[name];
};
window.columnsOf = (result) => Object.fromEntries(
  Object.entries(result.columns).map(([name, column]) => [name, Array.from(column, String)]));
window.base64 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
};
"""


def engine_html(maps: Mapping[str, Packed]) -> str:
    """Give a page in which `open1(name)` resolves to the engine of a packed map."""
    folder = resources.files("skerry.page") / "sources" / "engine"
    sources = {
        f"engine/{item.name}": item.read_text(encoding="utf-8")
        for item in folder.iterdir()
        if item.name.endswith(".js")
    }
    script = bundle({**sources, "main.js": _SCRIPT})
    data = {
        name: {
            "facts": json.loads(script_json(facts)),
            "blocks": {block: packed(content) for block, content in blocks.items()},
        }
        for name, (facts, blocks) in maps.items()
    }
    return (
        '<!doctype html><meta charset="utf-8">'
        f'<script type="application/json" id="maps">{script_json(data)}</script>'
        f'<script type="module">{script}</script>'
    )


def at(browser: Any, name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the engine says of a map at one threshold."""
    found: dict[str, Any] = browser.run(
        """
        const [name, asked] = given;
        const engine = await open1(name);
        const result = engine.at({...asked, threshold: Number(asked.threshold)});
        return {
          n: result.n, nAbove: result.nAbove, columns: columnsOf(result),
          color: Array.from(result.color), tsv: engine.tsv(result),
          peaks: engine.peaksTsv(result), image: base64(await engine.labelsNifti(result)),
        };
        """,
        name,
        {**asked, "threshold": repr(float(asked["threshold"]))},
    )
    found["image"] = gzip.decompress(base64.b64decode(found["image"]))
    found["columns"] = {
        column: np.array([float(number) for number in numbers])
        for column, numbers in found["columns"].items()
    }
    return found
