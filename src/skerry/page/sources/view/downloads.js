// The results as files, made in the page, and text for the clipboard.

import {byId, element, setText} from "./dom.js";

export function saveFile(name, parts, type) {
  const address = URL.createObjectURL(new Blob(parts, {type}));
  const link = element("a", {href: address, download: safeName(name)});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// A file name that no system refuses, whatever the map was called.
function safeName(name) {
  return name.replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]/g, "_").slice(-120);
}

export function csvOf(tsv) {
  const cell = (text) => (/[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  return tsv.split("\n").map((line) => line.split("\t").map(cell).join(",")).join("\n");
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedTheOldWay(text);
  }
}

// Pages in a frame of their own origin may not write to the clipboard in the new way.
function copiedTheOldWay(text) {
  const area = element("textarea", {class: "unseen", "aria-hidden": "true"});
  const before = document.activeElement;
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  before?.focus();
  return copied;
}

// A button that says for a moment what it did. It is never disabled: that would take the
// keyboard's focus away.
export function actionButton(text, title, act, done) {
  const button = element("button", {type: "button", title}, text);
  let isBusy = false;
  button.addEventListener("click", async () => {
    if (isBusy) return;
    isBusy = true;
    let said = done;
    try {
      if (await act() === false) said = "Not possible here";
    } catch (problem) {
      said = "That failed";
      console.error(problem);
    }
    isBusy = false;
    button.textContent = said;
    setText(byId("announcer"), `${text}: ${said}`);
    setTimeout(() => (button.textContent = text), 1600);
  });
  return button;
}
