// The loudspeaker, the microphone, and the tones that a telephone makes itself.

import { KeyEar, hertzOf } from "./keys.js";

const RINGS = { calling: [440, 480, 2000, 4000], ringing: [440, 520, 1000, 2000] }; // hertz, on and off in ms
const KEPT = 50 * 60 * 10; // of so many frames it is known how many ms late they came: ten minutes
const OWN = 400; // so many ms after a tone of ours the microphone may still hear it

export class Sound {
  /** `onFrame` takes 20 ms of the microphone, `onLevel` how loud they are, from 0 to 1, and `onKey`
   * keys whose tones are in them. */
  constructor(onFrame, onLevel, onKey) {
    Object.assign(this, { onFrame, onLevel, onKey, isMuted: false, stream: null, ring: null, flushed: 0, toned: 0, late: [] });
    this.ear = new KeyEar();
  }

  /** Only after a click or a key: browsers are silent before. */
  async start() {
    if (!this.context) {
      try {
        this.context = new AudioContext({ sampleRate: 8000 });
      } catch {
        this.context = new AudioContext(); // the worklet resamples
      }
      this.ready = this.context.audioWorklet.addModule("worklet.js").then(() => {
        this.node = new AudioWorkletNode(this.context, "phone", { outputChannelCount: [1] });
        this.heard = new AnalyserNode(this.context, { fftSize: 256 });
        this.node.connect(this.heard).connect(this.context.destination);
        this.node.port.onmessage = ({ data }) => this.comes(data);
      });
    }
    await this.ready;
    if (this.context.state === "suspended") await this.context.resume();
  }

  comes(data) {
    if (data === "flushed") {
      this.flushed = performance.now();
      return;
    }
    const samples = new Int16Array(data);
    this.onLevel(Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length) / 8000);
    if (this.isMuted) return;
    const keys = this.ear.hear(samples);
    if (performance.now() > this.toned) keys.forEach(this.onKey); // else it is our own loudspeaker
    this.onFrame(data);
  }

  /** The next prompt begins: how late frames are, is counted from its first. */
  begins() { this.first = null; }

  play(buffer) {
    const now = performance.now();
    if (this.first == null) [this.first, this.frames] = [now, 0];
    this.late.push(now - this.first - 20 * this.frames++);
    if (this.late.length > KEPT) this.late.shift();
    this.node?.port.postMessage(buffer, [buffer]);
  }

  flush() {
    this.node?.port.postMessage("flush");
    window.speechSynthesis?.cancel();
  }

  /** Raises what the browser says where there is none, or none that it may use. */
  async listen() {
    await this.start();
    const wanted = { echoCancellation: true, noiseSuppression: true, channelCount: 1 };
    if (!navigator.mediaDevices) throw new Error("this browser has no microphone for pages");
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
    this.source = this.context.createMediaStreamSource(this.stream);
    this.source.connect(this.node);
  }

  stopListening() {
    this.source?.disconnect();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.source = null;
    this.onLevel(0);
  }

  tone(key, seconds = 0.12) {
    this.toned = performance.now() + seconds * 1000 + OWN;
    if (this.context) this.sounds(hertzOf(key), seconds, 0.08);
  }

  sounds(hertz, seconds, level) {
    const now = this.context.currentTime;
    const gain = new GainNode(this.context, { gain: 0 });
    gain.gain.setTargetAtTime(level, now, 0.005);
    gain.gain.setTargetAtTime(0, now + seconds, 0.01);
    gain.connect(this.context.destination);
    for (const frequency of hertz) {
      const tone = new OscillatorNode(this.context, { frequency });
      tone.connect(gain);
      tone.start(now);
      tone.stop(now + seconds + 0.1);
    }
  }

  /** What is heard while it rings, here or there; nothing in other states. */
  rings(state) {
    clearInterval(this.ring);
    const ring = RINGS[state];
    if (!ring || !this.context) return;
    const [one, other, on, off] = ring;
    const once = () => this.sounds([one, other], on / 1000, 0.05);
    once();
    this.ring = setInterval(once, on + off);
  }

  /** The browser's own voice says words; `done` when it has. */
  speak(text, language, done) {
    if (!window.speechSynthesis) return;
    const words = new SpeechSynthesisUtterance(text);
    if (language) words.lang = language;
    words.onend = words.onerror = done;
    window.speechSynthesis.speak(words);
  }
}
