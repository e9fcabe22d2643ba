// Sizes of the pictures: one scale for the slices, one for the glass brain, nothing overlapping.

const GAP = 2;
const WIDE = "(min-width: 1180px)";

// Pixels per mm and whether the glass brain stands beside the slices or below them, whichever
// leaves the slices larger.
export function arrangement(room, box, glassShown) {
  const [x, y, z] = box.high.map((mm, axis) => mm - box.low[axis]);
  const width = Math.max(200, room.width - GAP);
  const below = {slices: width / (x + y), glass: (width - 2 * GAP) / (2 * x + y), beside: false};
  if (!glassShown) return fitted(below, room.height / (z + y));
  const glassPart = (z + y) / (2 * z + y);
  const besideWidth = (width - 14) / (x + y + glassPart * Math.max(x, y));
  const beside = {slices: besideWidth, glass: besideWidth * glassPart, beside: true};
  const belowFits = fitted(below, room.height / (z + y + (below.glass / below.slices) * Math.max(y, z)));
  const besideFits = fitted(beside, room.height / (z + y));
  return besideFits.slices > belowFits.slices ? besideFits : belowFits;
}

// Slices side by side, as large as a small frame allows.
export function rowArrangement(room, box) {
  const [x, y, z] = box.high.map((mm, axis) => mm - box.low[axis]);
  const slices = Math.min((room.width - 2 * GAP) / (2 * x + y), Math.max(80, room.height) / Math.max(y, z));
  return {slices, glass: slices, beside: false};
}

function fitted(plan, most) {
  const share = Math.min(1, most / plan.slices);
  return {...plan, slices: plan.slices * share, glass: plan.glass * share};
}

// The height that pictures may take: on a wide screen all of them fit in one view.
export function pictureRoom(node, others) {
  const {paddingLeft, paddingRight} = getComputedStyle(node);
  const width = node.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  const height = window.innerHeight - others;
  if (window.matchMedia(WIDE).matches) return {width, height: Math.max(430, height)};
  return {width, height: width < 560 ? Infinity : Math.min(640, Math.max(460, height))};
}
