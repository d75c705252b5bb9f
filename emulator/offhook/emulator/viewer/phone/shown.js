// What is shown of one call: its ladder, what runs, its events and replies, legs, findings.

import { showJson } from "./json.js";

const EVENT = /^([A-Z_]+) (\d+)\b/;

export class Shown {
  /** `act(tag, deed)` does something on a leg; `pickUp(tag)` takes it to this phone; `explore()` asks for the map. */
  constructor(act, pickUp, explore) {
    Object.assign(this, { act, pickUp, explore, call: null, rows: [], turns: [], at: -1, mine: "" });
    byId("before").onclick = () => this.showTurn(this.at - 1, true);
    byId("after").onclick = () => this.showTurn(this.at + 1, true);
    byId("follow").onchange = () => byId("follow").checked && this.showTurn(this.turns.length - 1);
    const paint = () => { // the frame is dark where the page is
      const root = byId("map-frame").contentDocument?.documentElement;
      if (root) root.dataset.theme = document.documentElement.dataset.theme;
    };
    new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    byId("map-frame").onload = paint;
    byId("map").onclick = () => this.openMap(byId("map-part").hidden);
    setInterval(() => this.tick(), 100);
  }

  /** What is new of a call; `mine` is the tag of this phone's leg, if it is in it. */
  take(news, mine) {
    this.since = performance.now() - news.Now * 1000;
    this.mine = mine;
    if (news.IsFirst) {
      this.rows = [];
      this.turns = [];
      this.at = -1;
      byId("ladder").replaceChildren();
      byId("follow").checked = true;
    }
    this.call = { ...this.call, ...news };
    this.addRows(news.Rows ?? []);
    this.turns.push(...(news.Turns ?? []));
    if (news.Turns?.length && byId("follow").checked) this.showTurn(this.turns.length - 1);
    else if (news.IsFirst) this.showTurn(-1);
    this.showRest();
  }

  clear() {
    this.call = null;
    this.rows = this.turns = [];
    byId("ladder").replaceChildren();
    for (const id of ["running", "columns", "turn-section", "leg-section", "attribute-section", "recording-section",
      "finding-list", "update-part", "story", "map", "map-part"]) byId(id).hidden = true;
    byId("empty").hidden = false;
    byId("call-title").textContent = "No call";
  }

  addRows(rows) {
    const log = byId("log");
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    byId("ladder").append(...rows.map((row) => this.row(row)));
    this.rows.push(...rows);
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }

  row(row) {
    const found = row.kind === "event" && EVENT.exec(row.text);
    const line = rowLine(row, found ? "button" : "span");
    if (found) {
      const number = Number(found[2]) - 1;
      const what = line.lastChild;
      what.dataset.turn = String(number);
      what.title = "Show this event and its reply";
      what.onclick = () => this.showTurn(number, true);
    }
    return line;
  }

  showTurn(number, isChosen = false) {
    const turn = this.turns[number];
    byId("turn-section").hidden = !turn;
    if (!turn) return;
    if (isChosen) byId("follow").checked = number === this.turns.length - 1;
    this.at = number;
    const before = this.turns[number - 1];
    const { InvocationEventType: type } = turn.Event;
    byId("turn-title").textContent = `Event ${number + 1} of ${this.turns.length}: ${type}`;
    const ignored = turn.IsObeyed ? "" : ", whose actions are ignored";
    const changes = before ? "; marked: what is not as in the event before" : "";
    byId("turn-about").textContent = `answered at ${turn.At.toFixed(3)}, after ${turn.Seconds} s${ignored}${changes}`;
    showJson(byId("event"), turn.Event, before?.Event);
    if (turn.Error) byId("reply").replaceChildren(make("p", { className: "failed" }, `The function failed: ${turn.Error}`));
    else showJson(byId("reply"), turn.Reply);
    byId("output-part").hidden = !turn.Log;
    byId("output").textContent = turn.Log;
    byId("before").disabled = number < 1;
    byId("after").disabled = number >= this.turns.length - 1;
    for (const one of document.querySelectorAll("#ladder button")) {
      one.setAttribute("aria-pressed", String(one.dataset.turn === String(number)));
    }
  }

  showRest() {
    const { Legs: legs, Findings: findings, Recordings: recordings, Attributes: attributes } = this.call;
    byId("empty").hidden = true;
    byId("columns").hidden = false;
    byId("call-title").textContent = `${legs[0].From} → ${legs[0].To}`;
    byId("head-a").textContent = `LEG-A ${legs[0].Direction === "Inbound" ? legs[0].From : legs[0].To}`;
    byId("head-b").textContent = legs[1] ? `LEG-B ${legs[1].To}` : "LEG-B";
    byId("story").hidden = !this.call.IsOver;
    byId("map").hidden = false;
    byId("update-part").hidden = Boolean(this.call.IsOver);
    this.part("finding", findings, () => byId("findings").replaceChildren(
      ...findings.map((one) => drawFinding({ weight: one.Weight, rule: one.Rule, where: one.Where, evidence: one.Evidence,
        instead: one.Instead, count: 1 }, "div"))), "finding-list");
    this.part("legs", legs, () => byId("legs").replaceChildren(...legs.map((leg) => this.leg(leg))), "leg-section");
    this.part("attributes", Object.keys(attributes).length ? [attributes] : [],
      () => showJson(byId("attributes"), attributes), "attribute-section");
    this.part("recordings", recordings, () => byId("recordings").replaceChildren(...recordings.map(recording)), "recording-section");
    this.tick();
  }

  /** The map is explored when it is opened first, in each call. */
  openMap(isOpen) {
    byId("map-part").hidden = !isOpen;
    byId("map").setAttribute("aria-expanded", String(isOpen));
    if (isOpen && this.call) this.explore();
  }

  /** How far it is; when it is there, the frame shows it, and in it where the call is now. */
  takeMap({ TransactionId: id, State: state, Says: says = "", Here: here, Where: where }) {
    const isThere = state === "there", frame = byId("map-frame"), source = `maps/${id}`;
    if (state === "none") this.openMap(false);
    const text = isThere ? where : state === "exploring" ? `Exploring: ${says}…` : says;
    if (byId("map-says").textContent !== text) byId("map-says").textContent = text;
    byId("map-says").title = isThere ? says : "";
    frame.hidden = byId("map-link").hidden = !isThere;
    if (!isThere) return;
    const hash = `#here=${here ?? ""}`;
    byId("map-link").href = source + hash;
    if (frame.dataset.of !== id) frame.src = source + hash;
    else frame.contentWindow.location.hash = hash;
    frame.dataset.of = id;
  }

  /** A part is drawn again when it changes, so that nobody loses the place where they type. */
  part(name, content, draw, section) {
    const text = JSON.stringify([content, this.mine, this.call.IsOver]);
    byId(section).hidden = !content.length;
    if (this[name] === text) return;
    this[name] = text;
    draw();
  }

  leg(leg) {
    const is = leg.Status === "Ringing" ? "rings" : leg.Status === "Connected" ? "is connected" : "has left";
    const mine = leg.Tag === this.mine ? ": this phone" : "";
    const box = make("div", { className: "leg" }, make("strong", {}, leg.Tag), ` ${leg.From} → ${leg.To} ${is}${mine}`);
    const headers = Object.entries(leg.SipHeaders).map(([name, value]) => `${name}: ${value}`);
    if (headers.length) box.append(make("div", { className: "soft" }, headers.join(", ")));
    if (mine || this.call.IsOver) return box;
    const row = make("div", { className: "row" });
    const button = (text, does, className = "") => row.append(make("button", {
      className, onclick: does, ariaLabel: `${text}, for ${leg.Tag}` }, text));
    if (leg.Status === "Ringing" && leg.Direction === "Outbound") {
      button("Answer on this phone", () => this.pickUp(leg.Tag), "good");
      button("Answer", () => this.act(leg.Tag, { Do: "answer" }));
      button("Busy", () => this.act(leg.Tag, { Do: "decline", SipResponseCode: 486 }));
      button("Decline", () => this.act(leg.Tag, { Do: "decline", SipResponseCode: 603 }), "bad");
    } else if (leg.Status === "Connected") {
      const words = make("input", { ariaLabel: `Words, or keys, of ${leg.Tag}`, placeholder: "words, or keys" });
      row.append(words);
      button("Say", () => words.value.trim() && this.act(leg.Tag, { Do: "say", Words: words.value.trim() }));
      button("Press", () => words.value.trim() && this.act(leg.Tag, { Do: "press", Keys: words.value.trim() }));
      button("Hang up", () => this.act(leg.Tag, { Do: "hang_up" }), "bad");
    }
    if (row.children.length) box.append(row);
    return box;
  }

  /** What runs, and how long still. */
  tick() {
    const running = byId("running");
    const { Runs: runs, Asks: asks = [], Next: next = [] } = this.call ?? {};
    running.hidden = !(runs || asks.length) || Boolean(this.call?.IsOver);
    if (running.hidden) return;
    const now = (performance.now() - this.since) / 1000;
    const set = (id, text) => { if (byId(id).textContent !== text) byId(id).textContent = text; };
    set("runs", runs ? `${runs.Type} on ${runs.Tag || "the call"}` : "The function");
    set("waits", runs ? `waits for ${runs.WaitsFor}` : `is asked: ${asks[0]}`);
    const isTimed = Boolean(runs && runs.Until !== null);
    byId("progress").hidden = !isTimed;
    set("timer", !runs ? "" : isTimed ? `${Math.max(0, runs.Until - now).toFixed(1)} s left` : `since ${(now - runs.Since).toFixed(1)} s`);
    if (isTimed) Object.assign(byId("progress"), { max: Math.max(0.1, runs.Until - runs.Since), value: Math.max(0, now - runs.Since) });
    set("next", next.length ? `then ${next.join(", ")}` : "");
  }
}

function recording({ Name: name, Place: place }) {
  const sound = make("audio", { controls: true, src: `../recordings/${place}`, preload: "metadata" });
  sound.setAttribute("aria-label", `Recording ${name}`);
  return make("figure", {}, make("figcaption", { className: "soft" }, name), sound);
}
