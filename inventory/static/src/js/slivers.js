// Of one printed row of bars a reader sometimes makes two codes: the true one, and beside it, between the same ends, a sliver a
// few dots wide that was misread. The sliver goes; two labels, one above the other, are of like height and both stay.

const SAME = 0.06; // of the length of the bars: how far the ends may lie apart
const NEAR = 0.25; // of the length: how far away a sliver lies at most
const THIN = 4; // how many times wider the true one is

/** The codes without those that are a sliver of another. Each has a `position` of four corners. */
export function withoutSlivers(codes) {
  return codes.filter((code) => !codes.some((other) => other !== code && isSliver(code, other)));
}

function isSliver(code, other) {
  const [thin, broad] = [edges(code.position), edges(other.position)];
  const along = unit(broad.begin, broad.end);
  const across = { x: -along.y, y: along.x };
  const span = (points, axis) => points.map((one) => one.x * axis.x + one.y * axis.y);
  const [a, b] = [span([thin.begin, thin.end], along), span([broad.begin, broad.end], along)];
  const length = Math.abs(b[1] - b[0]);
  const isBetweenSameEnds = Math.abs(a[0] - b[0]) < SAME * length && Math.abs(a[1] - b[1]) < SAME * length;
  const [mine, its] = [range(span(thin.corners, across)), range(span(broad.corners, across))];
  const apart = Math.max(0, mine.from - its.to, its.from - mine.to);
  return isBetweenSameEnds && apart < NEAR * length && (mine.to - mine.from) * THIN <= its.to - its.from;
}

function edges({ topLeft, topRight, bottomRight, bottomLeft }) {
  return { begin: middle(topLeft, bottomLeft), end: middle(topRight, bottomRight), corners: [topLeft, topRight, bottomRight, bottomLeft] };
}

const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

const range = (numbers) => ({ from: Math.min(...numbers), to: Math.max(...numbers) });

function unit(from, to) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
}
