// The tones of keys: which two hertz each has, and which key is in a sound.

export const LOW = [697, 770, 852, 941], HIGH = [1209, 1336, 1477, 1633];
const KEYS = "123A456B789C*0#D";
const RATE = 8000, BLOCK = 205, HOP = 103; // samples: half-overlapping windows of 26 ms, 39 Hz apart
const QUIET = 150 ** 2; // of 32768, squared: about -47 dB
const PURE = 0.82; // so much of the sound is the two tones, or it is speech
const TWIST = [0.15, 2.6]; // how much louder the high one may be
const CLEAR = 6; // how much louder each is than the next of its kind

/** The hertz of a key. */
export function hertzOf(key) {
  const at = KEYS.indexOf(key);
  return [LOW[Math.floor(at / 4)], HIGH[at % 4]];
}

/** Listens for keys: each is heard once, however long it sounds. */
export class KeyEar {
  constructor() {
    this.waiting = [];
    this.last = this.heard = null;
    this.quiet = 0;
  }

  /** The keys that begin in some more samples of 16 bits at 8 kHz. */
  hear(samples) {
    this.waiting.push(...samples);
    const keys = [];
    while (this.waiting.length >= BLOCK) {
      const key = keyIn(this.waiting.slice(0, BLOCK));
      this.waiting.splice(0, HOP);
      if (key && key === this.last && key !== this.heard) {
        this.heard = key;
        if (/[0-9*#]/.test(key)) keys.push(key);
      }
      this.quiet = key === this.heard ? 0 : this.quiet + 1;
      if (this.quiet >= 2) this.heard = null;
      this.last = key;
    }
    return keys;
  }
}

function keyIn(block) {
  const energy = block.reduce((sum, one) => sum + one * one, 0);
  if (energy < BLOCK * QUIET) return null;
  const low = LOW.map((hertz) => power(block, hertz)), high = HIGH.map((hertz) => power(block, hertz));
  const [one, other] = [Math.max(...low), Math.max(...high)];
  const isPure = one + other >= PURE * energy;
  const isEven = other / one > TWIST[0] && other / one < TWIST[1];
  const isClear = [[low, one], [high, other]].every(([all, most]) => all.filter((each) => each * CLEAR > most).length === 1);
  return isPure && isEven && isClear ? KEYS[low.indexOf(one) * 4 + high.indexOf(other)] : null;
}

/** How much of the energy is at a frequency (Goertzel). */
function power(block, hertz) {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let [before, last] = [0, 0];
  for (const sample of block) [before, last] = [last, sample + turn * last - before];
  return ((last * last + before * before - turn * last * before) * 2) / block.length;
}
