"use strict";
// What every page of the viewer draws alike. All text of calls is set as text, never as HTML.

const byId = (id) => document.getElementById(id);
const MARKS = { fault: "▲ fault", waste: "◆ waste", advice: "○ advice", lack: "□ desk lacks" };
const LANES = { "LEG-A": "LEG-A", "LEG-B": "LEG-B", "": "call" };

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function rowLine({ at: when, leg, kind, text }) {
  const lane = LANES[leg] ?? leg;
  return make("li", { className: kind },
    make("span", { className: "at" }, when.toFixed(3)),
    make("span", { className: `lane ${lane}` }, lane), make("span", { className: "text" }, text));
}

function ladderOf(rows) {
  return make("ol", { className: "ladder" }, ...rows.map(rowLine));
}

/** A finding, as a `tag`: what is wrong, where, and what to write. */
function drawFinding(one, tag) {
  const times = one.count > 1 ? `, ${one.count} times` : "";
  const head = `${MARKS[one.weight]}${one.is_known ? " (known)" : ""}: ${one.rule}${times}`;
  return make(tag, { className: `finding ${one.weight}` },
    make("strong", {}, head), make("div", {}, `${one.where}: ${one.evidence}`),
    make("div", { className: "soft" }, one.instead));
}

// Dark and light: as the system says, until somebody says otherwise.

const dark = window.matchMedia("(prefers-color-scheme: dark)");
let chosen = null;
const paint = () => { document.documentElement.dataset.theme = chosen ?? (dark.matches ? "dark" : "light"); };
dark.addEventListener("change", paint);
byId("theme").onclick = () => {
  chosen = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  paint();
};
paint();
