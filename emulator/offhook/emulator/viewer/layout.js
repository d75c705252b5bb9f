"use strict";
// Where the boxes of a map stand. Arrows come in the order of a breadth-first search, so one leads
// at most one column further: no arrow has to go around a box.

/** Arrows of one box that lead to the same box, as one way: [{start, to, arrows}]. */
function waysOf(arrows, isShown) {
  const ways = new Map();
  arrows.forEach((arrow, number) => {
    if (!isShown(arrow)) return;
    const key = `${arrow.start} ${arrow.to} ${arrow.is_disturbance}`;
    if (!ways.has(key)) ways.set(key, { start: arrow.start, to: arrow.to, arrows: [] });
    ways.get(key).arrows.push(number);
  });
  return [...ways.values()];
}

const MOST = 12;

/** `presses 1 2 3, hangs up, fails (5 ways)`: what arrows do, said once. */
function sayDeeds(arrows) {
  const whats = new Map();
  for (const { does, what } of arrows) {
    if (!whats.has(does)) whats.set(does, []);
    const short = does === "presses" ? what.replace(/(\S{4})\S{5,}/, (all, start) => `${start}… (${all.length} keys)`) : what;
    if (what && !whats.get(does).includes(short)) whats.get(does).push(short);
  }
  const say = ([does, all]) => {
    const isMuch = all.length > (arrows[0].is_disturbance ? 1 : MOST);
    return isMuch ? `${does} (${all.length} ways)` : [does, ...all].join(" ");
  };
  return [...whats].map(say).join(", ");
}

/** The column of each box: how many ways lead there from the first, at least. */
function columnsOf(ways) {
  const columns = new Map([[0, 0]]);
  for (const box of columns.keys()) {
    for (const { start, to } of ways) {
      if (start === box && !columns.has(to)) columns.set(to, columns.get(box) + 1);
    }
  }
  return columns;
}

/**
 * The top of each box, by its number. `heights` are those of the boxes; a way has in `y` how far
 * below the top of its box it begins. A box stands where the first way to it comes from, as far as
 * there is room, and no two overlap.
 */
function topsOf(columns, ways, heights, gap) {
  const tops = new Map([[0, 0]]);
  const last = Math.max(...columns.values());
  for (let column = 1; column <= last; column++) {
    const wanted = new Map();
    for (const { start, to, y } of ways) {
      if (columns.get(to) !== column || columns.get(start) !== column - 1) continue;
      const top = tops.get(start) + y - 20;
      if (!wanted.has(to) || top < wanted.get(to)) wanted.set(to, top);
    }
    const boxes = [...wanted.keys()].sort((a, b) => wanted.get(a) - wanted.get(b) || a - b);
    let free = -Infinity;
    for (const box of boxes) {
      tops.set(box, Math.max(free, wanted.get(box)));
      free = tops.get(box) + heights.get(box) + gap;
    }
    const off = boxes.reduce((sum, box) => sum + tops.get(box) - wanted.get(box), 0) / boxes.length;
    for (const box of boxes) tops.set(box, tops.get(box) - off);
  }
  const highest = Math.min(...tops.values());
  for (const [box, top] of tops) tops.set(box, top - highest);
  return tops;
}

/** The arrows of the shortest path that ends with one, the first first. */
function wayTo(arrows, number) {
  const way = [];
  for (let at = number; at >= 0; at = arrows[at].after) way.unshift(at);
  return way;
}

if (typeof module !== "undefined") module.exports = { waysOf, sayDeeds, columnsOf, topsOf, wayTo };
