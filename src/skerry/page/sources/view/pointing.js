// Moving through the brain with mouse, finger and keys.

export function listenToSlice(slice, actions) {
  const {canvas, plane, scene} = slice;
  const through = (event) => {
    const [across, up] = slice.mmAt(event);
    const at = [...actions.at()];
    at[plane.across] = inside(scene.box, plane.across, across);
    at[plane.up] = inside(scene.box, plane.up, up);
    return at;
  };
  let dragging = false;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    dragging = true;
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({preventScroll: true});
    actions.go(through(event), true);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (dragging) actions.go(through(event), false);
    actions.point(through(event));
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (dragging = false));
  canvas.addEventListener("pointerleave", () => actions.point(null));
  let turned = 0;
  canvas.addEventListener("wheel", (event) => {
    if (event.ctrlKey) return;
    event.preventDefault();
    turned += event.deltaMode ? event.deltaY * 40 : event.deltaY;
    const steps = Math.trunc(turned / 40);
    turned -= steps * 40;
    if (steps) actions.go(stepped(actions.at(), plane.axis, -Math.sign(steps), scene), false);
  }, {passive: false});
  listenToKeys(slice, actions);
}

function listenToKeys(picture, actions) {
  const {canvas, plane, scene} = picture;
  canvas.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const side = picture.flipped ? -1 : 1;
    const moves = {
      ArrowLeft: [plane.across, -side], ArrowRight: [plane.across, side],
      ArrowDown: [plane.up, -1], ArrowUp: [plane.up, 1],
      PageDown: [plane.axis, -1], PageUp: [plane.axis, 1],
    };
    if (event.key === "Enter" || event.key === " ") actions.choose();
    else if (moves[event.key]) {
      const [axis, direction] = moves[event.key];
      actions.go(stepped(actions.at(), axis, direction * (event.shiftKey ? 5 : 1), scene), false);
    } else return;
    event.preventDefault();
  });
}

// One voxel along a world axis, and never out of the picture.
function stepped(at, axis, steps, scene) {
  const {grid, box} = scene;
  const step = grid.along[axis] >= 0 ? grid.spacing[grid.along[axis]] : Math.min(...grid.spacing);
  const next = [...at];
  next[axis] = inside(box, axis, at[axis] + steps * step);
  return next;
}

// The pointer may be dragged out of a picture, the crosshair stays in it.
function inside(box, axis, mm) {
  return Math.min(box.high[axis], Math.max(box.low[axis], mm));
}

// A press on the glass brain goes to the voxel that is seen there.
export function listenToGlass(glass, actions) {
  const {canvas, plane} = glass;
  const voxelUnder = (event) => {
    const [across, up] = glass.mmAt(event);
    const mm = [0, 0, 0];
    mm[plane.across] = across;
    mm[plane.up] = up;
    return {voxel: glass.winner[glass.pixelAt(mm)], mm};
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const {voxel, mm} = voxelUnder(event);
    mm[plane.axis] = actions.at()[plane.axis];
    actions.go(voxel >= 0 ? actions.place(voxel) : mm, true);
  });
  canvas.addEventListener("pointermove", (event) => {
    const {voxel} = voxelUnder(event);
    actions.point(voxel >= 0 ? actions.place(voxel) : null);
  });
  canvas.addEventListener("pointerleave", () => actions.point(null));
  listenToKeys(glass, actions);
}
