// The page's line to the desk: a phone that rings, and everything that is shown beside it.

import { Shown } from "./shown.js";
import { Sound } from "./sound.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const LETTERS = { 2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS", 8: "TUV", 9: "WXYZ" };
const FIRST = 200, LAST = 299; // +1 555 0100 200 and so on are nobody's
const CODES = { 0: "the call is over", 404: "there is no such number", 480: "not answered, or dropped (480)", 486: "busy", 503: "too many calls", 603: "declined" };

let socket = null, phone = { State: "idle", Number: "" }, desk = {}, calls = [], wanted = "", hideWrong = 0;

const sound = new Sound(
  (frame) => phone.State === "up" && socket?.readyState === WebSocket.OPEN && socket.send(frame),
  (level) => { byId("level").value = Math.min(1, level); },
  (key) => phone.State === "up" && pressed(key),
);
const shown = new Shown(
  (tag, deed) => ask("POST", `../calls/${wanted}/legs/${tag}`, deed),
  (tag) => start().then(() => say({ Do: "pick_up", TransactionId: wanted, Tag: tag })),
  () => say({ Do: "map", TransactionId: wanted }),
);

// The line.

function connect() {
  socket = new WebSocket(new URL("line", location.href.replace(/^http/, "ws")));
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    be(sessionStorage.getItem("number") ?? number(FIRST));
    if (wanted) say({ Do: "watch", TransactionId: wanted });
  };
  socket.onmessage = ({ data }) => (typeof data === "string" ? take(JSON.parse(data)) : sound.play(data));
  socket.onclose = () => {
    phone = { State: "idle", Number: "" };
    sound.flush();
    sound.rings("idle");
    showPhone();
    byId("state").textContent = "The desk is away. Is offhook phone still running?";
    byId("desk").textContent = "looking for the desk…";
    setTimeout(connect, 1000);
  };
}

function say(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

async function ask(method, path, body) {
  const sent = { method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) };
  try {
    const answer = await fetch(path, sent);
    if (!answer.ok) wrong((await answer.json()).Message);
    return answer;
  } catch {
    wrong("The desk does not answer.");
    return null;
  }
}

const number = (last) => `+15550100${last}`;

/** The phone has a number; where another page has it, the next. */
function be(chosen) {
  byId("me").value = chosen;
  say({ Do: "be", Number: chosen });
}

const TAKES = {
  phone: takePhone,
  desk: takeDesk,
  calls: ({ Calls }) => { calls = Calls; showCalls(); },
  call: (news) => {
    if (news.TransactionId !== wanted) {
      wanted = news.TransactionId;
      showCalls();
    }
    shown.take(news, phone.TransactionId === wanted && phone.State !== "idle" ? phone.Tag : "");
  },
  map: (news) => news.TransactionId === wanted && shown.takeMap(news),
  hears: ({ Text, IsSpeech }) => {
    sound.begins();
    byId("words").textContent = IsSpeech ? `“${Text}”` : `♪ ${Text}`;
  },
  speak: ({ Number, Text, Language }) => sound.speak(Text, Language, () => say({ Do: "spoken", Number })),
  flush: () => sound.flush(),
  tone: ({ Digit }) => {
    sound.tone(Digit);
    byId("tones").textContent += Digit;
  },
  wrong: ({ Message }) => {
    const last = Number(byId("me").value.slice(-3));
    const isTaken = !phone.Number && byId("me").value === number(last) && last < LAST;
    if (isTaken) be(number(last + 1));
    else wrong(Message);
  },
};

function take(message) {
  TAKES[message.Is]?.(message);
}

function wrong(text) {
  byId("wrong").textContent = text;
  byId("wrong").hidden = false;
  clearTimeout(hideWrong);
  hideWrong = setTimeout(() => { byId("wrong").hidden = true; }, 15_000);
}

// The phone.

function takePhone(now) {
  const before = phone;
  phone = now;
  if (now.Number) sessionStorage.setItem("number", now.Number);
  if (now.State !== before.State || now.TransactionId !== before.TransactionId) {
    sound.rings(now.State);
    if (now.State === "calling" || now.State === "ringing") byId("words").textContent = byId("tones").textContent = "";
    if (now.State === "calling") byId("wrong").hidden = true;
    if (now.State === "idle") sound.flush();
    if (now.State === "ringing") say({ Do: "watch", TransactionId: now.TransactionId });
  }
  showPhone();
  if (now.State !== before.State) keepFocus(now.State);
}

/** Who has pressed a button that is gone now finds the next one; who is elsewhere stays there. */
function keepFocus(state) {
  const now = document.activeElement;
  const isGone = now === document.body || (byId("phone").contains(now) && now.closest("[hidden]"));
  const next = { ringing: "answer", calling: "hang-up", up: "hang-up", idle: "call-button" }[state];
  if (isGone) byId(next).focus();
}

function showPhone() {
  const { State: state, From: from, To: to, Tag: tag } = phone;
  const other = { calling: to, ringing: from, up: tag === "LEG-A" && phone.Number === from ? to : from }[state] ?? "";
  const ended = phone.TransactionId ? CODES[phone.SipResponseCode] ?? `ended with ${phone.SipResponseCode}` : "ready";
  byId("state").textContent = { calling: "calling…", ringing: "rings", up: "connected" }[state] ?? ended;
  byId("with").textContent = other;
  byId("phone").dataset.state = state;
  if (document.activeElement !== byId("me")) byId("me").value = phone.Number || byId("me").value;
  byId("me").disabled = state !== "idle";
  byId("dial").hidden = state !== "idle";
  for (const id of ["answer", "decline", "busy"]) byId(id).hidden = state !== "ringing";
  byId("hang-up").hidden = !["calling", "up"].includes(state);
  byId("mute").hidden = state !== "up";
  for (const each of byId("say").elements) each.disabled = state !== "up";
}

function press(key) {
  sound.tone(key);
  if (phone.State === "up") pressed(key);
  else if (phone.State === "idle") byId("to").value += key;
  const button = byId("keypad").querySelector(`[data-key="${CSS.escape(key)}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 120);
}

function pressed(key) {
  say({ Do: "press", Key: key });
  byId("tones").textContent += key;
}

/** Sound may start now: somebody has clicked. */
async function start() {
  try {
    await sound.start();
  } catch (error) {
    byId("sound-note").textContent = `No sound: ${error.message}`;
  }
}

async function toggleMicrophone() {
  const isOn = Boolean(sound.stream);
  try {
    if (isOn) sound.stopListening();
    else await sound.listen();
    byId("sound-note").textContent = "";
  } catch (error) {
    const why = error.name === "NotAllowedError" ? "the browser was told not to give it to this page" : error.message;
    byId("sound-note").textContent = `No microphone: ${why}. What you type under “Say” is heard all the same.`;
  }
  byId("microphone").textContent = sound.stream ? "on" : "off";
  byId("microphone").setAttribute("aria-pressed", String(Boolean(sound.stream)));
}

byId("keypad").append(...KEYS.map((key) => {
  const button = make("button", { type: "button", onclick: () => start().then(() => press(key)) },
    key, make("span", { className: "letters", ariaHidden: "true" }, LETTERS[key] ?? ""));
  button.dataset.key = key;
  button.setAttribute("aria-label", { "*": "star", "#": "hash" }[key] ?? key);
  return button;
}));

byId("me").onchange = ({ target }) => say({ Do: "be", Number: target.value.trim() });
byId("dial").onsubmit = async (event) => {
  event.preventDefault();
  await start();
  say({ Do: "dial", To: byId("to").value.replace(/[^+\d]/g, ""), ...moment() });
};
byId("answer").onclick = () => start().then(() => say({ Do: "answer" }));
byId("decline").onclick = () => say({ Do: "decline", SipResponseCode: 603 });
byId("busy").onclick = () => say({ Do: "decline", SipResponseCode: 486 });
byId("hang-up").onclick = () => say({ Do: "hang_up" });
byId("mute").onclick = ({ target }) => {
  sound.isMuted = !sound.isMuted;
  target.setAttribute("aria-pressed", String(sound.isMuted));
  target.textContent = sound.isMuted ? "Muted" : "Mute";
};
byId("microphone").onclick = toggleMicrophone;
byId("say").onsubmit = (event) => {
  event.preventDefault();
  const words = byId("say-words").value.trim();
  if (words) say({ Do: "say", Words: words });
  byId("say-words").value = "";
  say({ Do: "type", IsTyping: false });
};
byId("say-words").oninput = ({ target }) => say({ Do: "type", IsTyping: Boolean(target.value) });
byId("reads").onchange = ({ target }) => say({ Do: "read", Who: target.value });

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey;
  if (!isTyping && KEYS.includes(event.key) && !event.repeat) start().then(() => press(event.key));
});

// The desk.

function takeDesk(now) {
  const before = desk;
  desk = now;
  const changed = (name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]);
  byId("desk").textContent = `${now.Numbers.length} numbers of ours, ${now.Phones.length} phone${now.Phones.length === 1 ? "" : "s"}`;
  if (changed("Numbers")) {
    const options = now.Numbers.map((one) => make("option", { value: one.Number }, one.Application));
    byId("numbers").replaceChildren(...options);
    byId("out-from").replaceChildren(...now.Numbers.map((one) => make("option", { value: one.Number }, `${one.Number} ${one.Application}`)));
    if (!byId("to").value && now.Numbers.length) byId("to").value = now.Numbers[0].Number;
  }
  if (changed("Voice") || changed("Reads")) showVoices();
  if (changed("FaultNames")) byId("fault-names").replaceChildren(...now.FaultNames.map((name) => make("option", { value: name })));
  byId("fault-count").textContent = now.Faults.length ? `(${now.Faults.length} in force)` : "";
  if (changed("Faults")) showFaults();
  byId("far-is").textContent = `Now: ${now.FarEnd}`;
}

/** Each can be taken back; whoever has done that by keyboard goes on from where they are. */
function showFaults() {
  const isThere = byId("faults").contains(document.activeElement);
  byId("faults").replaceChildren(...desk.Faults.map((text) => make("li", {}, make("span", {}, text),
    make("button", { type: "button", ariaLabel: `Take back ${text}`,
      onclick: () => ask("DELETE", `../faults/${encodeURIComponent(text)}`) }, "Take back"))));
  if (isThere) (byId("faults").querySelector("button") ?? byId("fault-name")).focus();
}

function showVoices() {
  const ways = [...(desk.Voice ? [["desk", `spoken by ${desk.Voice}`]] : []),
    ...(window.speechSynthesis?.getVoices().length ? [["page", "spoken by this browser"]] : []), ["nobody", "words and a soft tone"]];
  byId("reads").replaceChildren(...ways.map(([value, text]) => make("option", { value, selected: value === desk.Reads }, text)));
}
window.speechSynthesis?.addEventListener("voiceschanged", showVoices);

function showCalls() {
  byId("no-history").hidden = calls.length > 0;
  byId("history").replaceChildren(...calls.map((one) => {
    const is = !one.IsOver ? "goes on" : `${one.IsDropped ? "dropped, " : ""}${one.Seconds} s`;
    const arrow = one.Direction === "Inbound" ? "→" : "⇒";
    const button = make("button", { onclick: () => watch(one.TransactionId) },
      make("strong", {}, String(one.Number)), ` ${one.From} ${arrow} ${one.To}`, make("span", { className: "soft" }, is));
    button.setAttribute("aria-current", String(one.TransactionId === wanted));
    button.classList.toggle("dropped", one.IsDropped);
    return make("li", {}, button);
  }));
}

function watch(id) {
  wanted = id;
  showCalls();
  say({ Do: "watch", TransactionId: id });
}

const moment = () => (byId("at").value ? { At: `${byId("at").value}Z`.replace(/^(.{16})Z$/, "$1:00Z") } : {});

/** `name=value` on each line. */
function pairs(text) {
  const lines = text.split("\n").map((one) => one.trim()).filter(Boolean);
  const bad = lines.find((one) => !/^[^=]+=/.test(one));
  if (bad) {
    wrong(`“${bad}” has no name and value: write name=value`);
    return null;
  }
  return Object.fromEntries(lines.map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]));
}

function onSubmit(id, does) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    does();
  });
}
onSubmit("update", () => {
  const given = pairs(byId("update-pairs").value);
  if (given) ask("POST", `../calls/${wanted}/updates`, { Arguments: given });
});
onSubmit("out", async () => {
  const given = pairs(byId("out-pairs").value);
  if (!given) return;
  await start();
  const answer = await ask("POST", "../calls/out", { To: byId("out-to").value.trim(), From: byId("out-from").value, Arguments: given, ...moment() });
  if (answer?.ok) watch((await answer.json()).TransactionId);
});
onSubmit("fault", async () => {
  const answer = await ask("POST", "../faults", { Fault: byId("fault-name").value.trim() });
  if (answer?.ok) byId("fault-name").value = "";
});
byId("well").onclick = () => ask("DELETE", "../faults");
byId("far").onchange = ({ target }) => ask("PUT", "../far-ends/default", JSON.parse(target.value));
byId("now").onclick = () => { byId("at").value = ""; };
byId("out-part").ontoggle = () => { byId("out-to").value ||= phone.Number; };

byId("story").onclick = async () => {
  const answer = await fetch(`stories/${wanted}`);
  byId("story-text").textContent = await answer.text();
  byId("download").href = `stories/${wanted}`;
  byId("story-dialog").showModal();
};
byId("close-story").onclick = () => byId("story-dialog").close();
byId("copy").onclick = async ({ target }) => {
  await navigator.clipboard.writeText(byId("story-text").textContent);
  target.textContent = "Copied";
};

byId("at").value = /^#at=(.{16})$/.exec(location.hash)?.[1] ?? "";
window.offhook = { sound }; // for whoever measures what is heard
shown.clear();
showPhone();
connect();
