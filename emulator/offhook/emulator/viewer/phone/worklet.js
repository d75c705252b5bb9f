// Between the page's sound and 8 kHz: what is heard waits here for its turn, what the microphone
// hears leaves in frames of 20 ms.

const RATE = 8000, FRAME = 160;
const AHEAD = 0.06 * RATE, MOST = 0.5 * RATE; // samples that wait before they are heard, and at most

class Phone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = RATE / sampleRate;
    this.queue = new Float32Array(RATE * 4);
    this.read = this.written = 0;
    this.isPlaying = false;
    this.frame = new Int16Array(FRAME);
    this.filled = this.phase = 0;
    this.port.onmessage = ({ data }) => (data === "flush" ? this.flush() : this.take(new Int16Array(data)));
  }

  flush() {
    this.read = this.written;
    this.isPlaying = false;
    this.port.postMessage("flushed");
  }

  take(samples) {
    for (const sample of samples) this.queue[this.written++ % this.queue.length] = sample / 32768;
    if (this.written - this.read > MOST) this.read = this.written - AHEAD; // what is late is left out
  }

  process([input], [output]) {
    this.play(output[0]);
    if (input[0]) this.listen(input[0]);
    return true;
  }

  play(out) {
    if (!this.isPlaying && this.written - this.read >= AHEAD) this.isPlaying = true;
    for (let n = 0; n < out.length; n++) {
      if (this.isPlaying && this.read + 1 >= this.written) {
        this.isPlaying = false;
        this.read = this.written;
      }
      if (!this.isPlaying) { out[n] = 0; continue; }
      const at = Math.floor(this.read), part = this.read - at, length = this.queue.length;
      out[n] = this.queue[at % length] * (1 - part) + this.queue[(at + 1) % length] * part;
      this.read += this.step;
    }
  }

  listen(samples) {
    for (const sample of samples) {
      this.phase += this.step;
      if (this.phase < 1) continue;
      this.phase -= 1;
      this.frame[this.filled++] = Math.max(-1, Math.min(1, sample)) * 32767;
      if (this.filled === FRAME) {
        this.port.postMessage(this.frame.slice().buffer);
        this.filled = 0;
      }
    }
  }
}

registerProcessor("phone", Phone);
