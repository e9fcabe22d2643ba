// Elements, made and filled by DOM calls alone: no text is ever read as markup.

export function byId(id) {
  return document.getElementById(id);
}

export function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function drawing(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, String(value));
    }
  }
  node.append(...children);
  return node;
}

// Writing only what has changed keeps a slider step cheap.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node, name, value) {
  const text = String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

// A row of radio buttons that looks like one control with several positions.
export function segmented(box, name, choices, onChange) {
  const inputs = new Map();
  for (const [value, text, hint] of choices) {
    const input = element("input", {type: "radio", name, value, id: `${name}-${value}`});
    const label = element("label", {for: `${name}-${value}`, title: hint ?? null}, text);
    input.addEventListener("change", () => onChange(value));
    inputs.set(value, input);
    box.append(input, label);
  }
  return (value) => {
    const input = inputs.get(value);
    if (input && !input.checked) input.checked = true;
  };
}

export function whenIdle(work) {
  if (window.requestIdleCallback) window.requestIdleCallback(work, {timeout: 500});
  else setTimeout(work, 16);
}

// Calls within `delay` ms count as one, made at the end.
export function settled(work, delay) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), delay);
  };
}
