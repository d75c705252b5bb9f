// Draws what the page holds: maps, ladders, findings.

const shown = JSON.parse(document.getElementById("document").textContent);
for (const one of shown.maps) {
  one.arrows = one.arrows.map(([start, to, after, does, what, is_disturbance, rows]) =>
    ({ start, to, after, does, what, is_disturbance, rows }));
}
for (const one of [...shown.maps.flatMap((map) => map.arrows), ...shown.ladders, ...shown.findings]) {
  one.rows = one.rows.map(([at, line]) => {
    const [leg, kind, text] = shown.lines[line];
    return { at, leg, kind, text };
  });
}
const WIDTH = 260, BETWEEN = 110, GAP = 22, SCALES = [0.25, 0.35, 0.5, 0.65, 0.8, 1, 1.25, 1.6, 2];

let map = null, place = -1, ways = [], elements = new Map(), scale = 0.8, found = [], at = -1;

// The map.

function findingsOf(arrows) {
  return shown.findings.filter((one) => one.map === place && arrows.includes(one.arrow));
}

function draw() {
  const isShown = (arrow) => byId("disturbances").checked || !arrow.is_disturbance;
  const sheet = byId("map");
  sheet.replaceChildren();
  elements = new Map();
  if (!map) return;
  const all = waysOf(map.arrows, isShown);
  const columns = columnsOf(all);
  ways = all.filter((way) => columns.has(way.start));
  for (const box of columns.keys()) {
    if (map.boxes[box].kind !== "end") sheet.append(boxOf(box, columns));
  }
  const real = ways.filter((way) => map.boxes[way.to].kind !== "end");
  const heights = new Map([...elements].map(([box, element]) => [box, element.offsetHeight]));
  for (const way of real) way.y = way.element.offsetTop + way.element.offsetHeight / 2;
  const standing = new Map([...columns].filter(([box]) => elements.has(box)));
  const tops = topsOf(standing, real, heights, GAP);
  for (const [box, element] of elements) {
    element.style.left = `${columns.get(box) * (WIDTH + BETWEEN) + 16}px`;
    element.style.top = `${tops.get(box) + 16}px`;
  }
  sheet.append(linesOf(real, columns));
  const right = [...elements.values()].map((one) => one.offsetLeft + WIDTH + 60);
  const bottom = [...elements.values()].map((one) => one.offsetTop + one.offsetHeight + 40);
  sheet.style.width = `${Math.max(...right)}px`;
  sheet.style.height = `${Math.max(...bottom)}px`;
  zoom(scale);
  search();
  markHere();
}

/** Whoever shows this page may say where a call is now: `#here=5`. */
function markHere() {
  const here = Number(/^#here=(\d+)$/.exec(location.hash)?.[1] ?? NaN);
  for (const one of document.querySelectorAll(".here")) one.classList.remove("here");
  for (const one of document.querySelectorAll(".is-here")) one.remove();
  const box = elements.get(here);
  if (!box) return false;
  const flag = make("div", { className: "is-here" }, "● the call is here");
  Object.assign(flag.style, { left: box.style.left, top: `${box.offsetTop - 20}px` });
  box.classList.add("here");
  box.before(flag);
  return true;
}

/** It is shown where the call is, also where only a disturbance leads there. */
function goHere() {
  const isWanted = /^#here=\d+$/.test(location.hash);
  if (!markHere() && isWanted && map && !byId("disturbances").checked) {
    byId("disturbances").checked = true;
    draw();
  }
  document.querySelector(".here")?.scrollIntoView({ block: "center", inline: "center" });
}
window.addEventListener("hashchange", goHere);

function boxOf(number, columns) {
  const { title, words } = map.boxes[number];
  const box = make("div", { className: "box" });
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `situation ${number}: ${title}`);
  elements.set(number, box);
  const name = make("button", { className: "title" }, make("span", { className: "number" }, `${number} `), title);
  name.onclick = () => showBox(number);
  const said = make("div", { className: "words" });
  said.append(...words.map((text) => make("p", { title: text }, text)));
  box.append(name, ...(words.length ? [said] : []));
  for (const way of ways.filter((one) => one.start === number)) box.append(rowOf(way, box, columns));
  return box;
}

function rowOf(way, box, columns) {
  const arrows = way.arrows.map((one) => map.arrows[one]);
  const end = map.boxes[way.to];
  const isBack = columns.get(way.to) <= columns.get(way.start);
  const goes = make("span", { className: "goes" });
  for (const weight of new Set(findingsOf(way.arrows).map((one) => one.weight))) {
    goes.append(make("span", { className: `mark ${weight}` }, MARKS[weight], " "));
    if (weight === "fault") box.classList.add("bad");
  }
  if (end.kind === "end") goes.append(make("span", { className: "end" }, `■ ${end.title}`));
  else goes.append(way.to === way.start ? "↺ stays" : `${isBack ? "↺" : "→"} ${way.to}`);
  const row = make("button", { className: "way" }, make("span", { className: "deeds" }, sayDeeds(arrows)), goes);
  row.classList.toggle("disturbs", arrows[0].is_disturbance);
  row.onclick = () => showWay(way, way.arrows[0]);
  row.onmouseenter = row.onfocus = () => way.line?.classList.add("on");
  row.onmouseleave = row.onblur = () => way.line?.classList.toggle("on", row.classList.contains("on"));
  way.element = row;
  return row;
}

function linesOf(real, columns) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9"' +
    ' markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>';
  for (const way of real) {
    if (way.to === way.start) continue;
    const from = elements.get(way.start), to = elements.get(way.to);
    const [x, y] = [from.offsetLeft + WIDTH, from.offsetTop + way.y];
    const [u, v] = [to.offsetLeft - 2, to.offsetTop + 18];
    const bend = columns.get(way.to) > columns.get(way.start) ? (u - x) / 2 : 90;
    way.line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    way.line.setAttribute("d", `M${x} ${y}C${x + bend} ${y} ${u - bend} ${v} ${u} ${v}`);
    way.line.setAttribute("marker-end", "url(#tip)");
    way.line.classList.toggle("back", columns.get(way.to) <= columns.get(way.start));
    way.line.classList.toggle("disturbs", way.element.classList.contains("disturbs"));
    svg.append(way.line);
  }
  return svg;
}

function zoom(to) {
  scale = to;
  const sheet = byId("map");
  sheet.style.transform = `scale(${scale})`;
  byId("sheet").style.width = `${parseFloat(sheet.style.width) * scale}px`;
  byId("sheet").style.height = `${parseFloat(sheet.style.height) * scale}px`;
}

function step(by) {
  const around = byId("scroll");
  const [x, y] = [around.scrollLeft + around.clientWidth / 2, around.scrollTop + around.clientHeight / 2];
  const before = scale;
  const nearest = SCALES.reduce((a, b) => (Math.abs(b - scale) < Math.abs(a - scale) ? b : a));
  zoom(SCALES[Math.min(SCALES.length - 1, Math.max(0, SCALES.indexOf(nearest) + by))]);
  around.scrollTo((x * scale) / before - around.clientWidth / 2, (y * scale) / before - around.clientHeight / 2);
}

/** Who is led somewhere can read what is there. */
function comeCloser() {
  if (scale < 0.65) zoom(0.8);
}

function fit() {
  const around = byId("scroll"), sheet = byId("map");
  const all = [around.clientWidth / parseFloat(sheet.style.width), around.clientHeight / parseFloat(sheet.style.height)];
  zoom(Math.max(0.15, Math.min(1, ...all)));
  around.scrollTo(0, 0);
}

function choose(number) {
  place = number;
  map = shown.maps[number] ?? null;
  byId("maps").value = String(number);
  draw();
  comeHome();
}

function comeHome() {
  const start = elements.get(0);
  const around = byId("scroll");
  if (start) around.scrollTo(0, start.offsetTop * scale - around.clientHeight / 3);
}

function light(box, way) {
  for (const one of document.querySelectorAll(".on")) one.classList.remove("on");
  elements.get(box)?.classList.add("on");
  way?.element?.classList.add("on");
  way?.line?.classList.add("on");
  const element = way?.element ?? elements.get(box);
  element?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// The panel.

function tell(...children) {
  byId("panel").replaceChildren(...children.filter(Boolean));
  byId("panel").scrollTop = 0;
}

const deedOf = ({ does, what }) => `${does} ${what}`.trim();

function ladderTo(number) {
  const list = make("ol", { className: "ladder" });
  wayTo(map.arrows, number).forEach((one, index) => {
    if (index) list.append(make("li", { className: "deed" }, deedOf(map.arrows[one])));
    list.append(...map.arrows[one].rows.map((row) => rowLine(row)));
  });
  return list;
}

function showWay(way, number) {
  light(way.start, way);
  const chips = way.arrows.map((one) => {
    const chip = make("button", {}, deedOf(map.arrows[one]));
    chip.setAttribute("aria-pressed", String(one === number));
    chip.onclick = () => showWay(way, one);
    return chip;
  });
  const end = map.boxes[way.to];
  const to = end.kind === "end" ? `the end: ${end.title}` : `${way.to} ${end.title}`;
  tell(make("h2", {}, `From ${way.start} ${map.boxes[way.start].title} to ${to}`),
    make("div", { className: "deeds-of" }, ...chips),
    ...findingsOf([number]).map(findingOf), make("h2", {}, "Ladder"), ladderTo(number));
}

function showBox(number) {
  light(number);
  const { title, words, attributes } = map.boxes[number];
  const first = map.arrows.findIndex((arrow) => arrow.to === number);
  const kept = Object.keys(attributes).length > 0;
  tell(make("h2", {}, `${number} ${title}`),
    ...words.map((text) => make("p", { className: "quote" }, text)),
    kept && make("h2", {}, "TransactionAttributes"),
    kept && make("pre", {}, JSON.stringify(attributes, null, 2)),
    make("h2", {}, "Ladder of the shortest way here"), ladderTo(first));
}

function findingOf(one) {
  const button = drawFinding(one, "button");
  button.onclick = () => showFinding(one);
  return button;
}

function showFinding(one) {
  const arrows = shown.maps[one.map]?.arrows ?? [];
  if (wayTo(arrows, arrows.length ? one.arrow : -1).some((each) => arrows[each].is_disturbance)) {
    byId("disturbances").checked = true;
  }
  if (one.map >= 0) choose(one.map);
  const way = ways.find((each) => each.arrows.includes(one.arrow));
  comeCloser();
  if (one.map >= 0 && way) light(way.start, way);
  tell(make("h2", {}, "Finding"), findingOf(one),
    make("p", { className: "soft" }, `after: ${one.story.join(", ") || "nothing but the call"}`),
    one.disturbed_by.length > 0 && make("p", { className: "soft" }, `disturbed by: ${one.disturbed_by.join(", ")}`),
    make("h2", {}, "Ladder of the shortest story"), ladderOf(one.rows));
}

function overview() {
  light(-1);
  const reached = shown.reached.map(({ title, reached: those, missed }) => {
    const lines = Object.entries(missed).map(([name, why]) =>
      make("li", {}, name, why ? make("span", { className: "soft" }, ` (${why})`) : ""));
    const of = `${those.length} of ${those.length + lines.length} reached`;
    return make("details", {}, make("summary", {}, `${title}: ${of}`), make("ul", {}, ...lines));
  });
  const ladders = shown.ladders.map(({ title, rows }) =>
    make("details", { open: shown.ladders.length === 1 }, make("summary", {}, title), ladderOf(rows)));
  const legend = "Click a title, or what leads on from it, to see its ladder. → leads on, ↺ leads back, " +
    "■ ends the call; in italics: what the service or somebody else does to a call. Keys: / search, " +
    "Enter next match, + and − zoom, 0 all of it, Esc this page.";
  tell(shown.findings.length > 0 && make("h2", {}, "Findings"), ...shown.findings.map(findingOf),
    shown.summary.length > 0 && make("h2", {}, "Summary"),
    ...shown.summary.map((line) => make("p", { className: "quote" }, line)),
    reached.length > 0 && make("h2", {}, "Not reached"), ...reached,
    ladders.length > 0 && make("h2", {}, "Ladders"), ...ladders,
    shown.maps.length > 0 && make("p", { className: "soft" }, legend));
}

// What is typed.

function search() {
  const wanted = byId("search").value.trim().toLowerCase();
  found = [];
  at = -1;
  for (const [number, element] of elements) {
    const hidden = JSON.stringify(map.boxes[number]);
    const isMatch = wanted !== "" && `${element.textContent} ${hidden}`.toLowerCase().includes(wanted);
    element.classList.toggle("match", isMatch);
    if (isMatch) found.push(number);
  }
  byId("map").classList.toggle("searched", wanted !== "");
  byId("matches").value = wanted ? `${found.length} found` : "";
}

function next() {
  if (!found.length) return;
  at = (at + 1) % found.length;
  byId("matches").value = `${at + 1} of ${found.length}`;
  comeCloser();
  showBox(found[at]);
}

const KEYS = { "/": () => byId("search").focus(), "+": () => step(1), "=": () => step(1), "-": () => step(-1), 0: fit };

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    overview();
    byId("scroll").focus();
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !event.target.matches("input, select") && KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});
byId("search").addEventListener("input", search);
byId("search").addEventListener("keydown", (event) => event.key === "Enter" && next());
byId("disturbances").onchange = () => { draw(); comeHome(); };
byId("maps").onchange = (event) => { choose(Number(event.target.value)); overview(); };
byId("smaller").onclick = () => step(-1);
byId("larger").onclick = () => step(1);
byId("fit").onclick = fit;
byId("overview").onclick = overview;

const around = byId("scroll");
around.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  step(event.deltaY < 0 ? 1 : -1);
}, { passive: false });
around.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "mouse" || event.target.closest("button, .words")) return;
  const [x, y, left, top] = [event.clientX, event.clientY, around.scrollLeft, around.scrollTop];
  const drag = (moved) => around.scrollTo(left - moved.clientX + x, top - moved.clientY + y);
  around.classList.add("drags");
  around.addEventListener("pointermove", drag);
  window.addEventListener("pointerup", () => {
    around.removeEventListener("pointermove", drag);
    around.classList.remove("drags");
  }, { once: true });
});

byId("maps").append(...shown.maps.map((one, number) =>
  make("option", { value: String(number) }, `${one.title}: ${one.summary}`)));
for (const id of ["maps", "search", "scroll", "smaller", "larger", "fit"]) byId(id).hidden = !shown.maps.length;
byId("disturbances").parentElement.hidden = !shown.maps.length;
if (!shown.maps.length) byId("panel").style.width = "100%";
choose(0);
if (window.parent === window) overview();
else document.body.classList.add("framed"); // in another page there is room for the map alone
goHere();
