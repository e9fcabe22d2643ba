// Opens the page: its facts, its arrays, its parts.

import {openEngine} from "./engine/engine.js";
import {blockReader} from "./view/blocks.js";
import {fillActions, fillFrame} from "./view/frame.js";
import {makeScene} from "./view/scene.js";
import {View} from "./view/view.js";

async function openPage() {
  performance.mark("skerry-start");
  const facts = JSON.parse(document.getElementById("skerry-facts").textContent);
  fillFrame(facts);
  const readBlock = blockReader();
  const [engine, greys] = await Promise.all([
    openEngine(facts, readBlock),
    facts.background ? readBlock("background") : null,
  ]);
  performance.mark("skerry-engine");
  document.getElementById("main").hidden = false;
  document.getElementById("opening").hidden = true;
  const view = new View(facts, engine, makeScene(facts, engine, greys));
  fillActions(view);
  window.skerry = {facts, engine, view};
  document.documentElement.dataset.ready = "yes";
  performance.mark("skerry-ready");
  // A frame is painted after its callbacks, and before what they put off.
  requestAnimationFrame(() => setTimeout(() => performance.mark("skerry-painted")));
}

openPage().catch((problem) => {
  const opening = document.getElementById("opening");
  opening.hidden = false;
  opening.textContent = `This page could not be opened: ${problem.message}. It needs a browser of 2023 or later.`;
  console.error(problem);
});
