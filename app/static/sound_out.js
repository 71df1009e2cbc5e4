// The way of every clip to the ears: its gain, one peak limit for all, an output that stays awake.

export const PEAK_DB = -1;
const AWAKE_DB = -90; // one step of 16 bit: no ear hears it, no output takes it for silence
const PATIENCE_MS = 1500; // an output without a wire takes its time

const linear = (db) => 10 ** (db / 20);

/** Event: "lost", when the browser stops the sound under a clip that plays. */
export class SoundOut extends EventTarget {
  constructor() {
    super();
    this.context = null;
    this.strips = new WeakMap(); // element -> its gain
  }

  get running() { return this.context?.state === "running"; }

  /** Call it inside a click or a key press. Resolves to whether sound goes this way. */
  async unlock() {
    try {
      if (!this.context) this.open();
      await Promise.race([this.context.resume(), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
    } catch { /* no audio device, or no Web Audio: the plain element plays */ }
    return this.running;
  }

  open() {
    this.context = new AudioContext();
    this.limit = limiter(this.context);
    this.limit.output.connect(this.context.destination);
    this.awake = new ConstantSourceNode(this.context, { offset: linear(AWAKE_DB) });
    this.awake.connect(this.context.destination);
    this.awake.start();
    this.context.addEventListener("statechange", () => {
      if (this.running) return;
      this.dispatchEvent(new Event("lost"));
      this.context.resume().catch(() => {});
    });
  }

  routes(element) { return this.strips.has(element); }

  /** Lead an element's sound through the gain and the limit; from now on it sounds only here. */
  route(element) {
    if (!this.running || this.routes(element)) return;
    const gain = new GainNode(this.context);
    this.context.createMediaElementSource(element).connect(gain).connect(this.limit.input);
    this.strips.set(element, gain);
  }

  /** The gain of one element, in dB; null where it plays as it is. */
  setGain(element, db) {
    const strip = this.strips.get(element);
    if (!strip || !this.running) return null;
    strip.gain.value = linear(db);
    return db;
  }
}

/** No peak above PEAK_DB, and nothing changed below it: { input, output } nodes. */
export function limiter(context) {
  const ratio = 20;
  const soft = new DynamicsCompressorNode(context, { threshold: PEAK_DB, knee: 0, ratio, attack: 0.001, release: 0.08 });
  // The browser's compressor adds a make-up gain of its own; it is taken back here.
  const makeUp = -0.6 * (PEAK_DB - PEAK_DB / ratio);
  const peak = linear(PEAK_DB);
  const level = new GainNode(context, { gain: linear(-makeUp) / peak });
  // What its first milliseconds let through is cut.
  const hard = new WaveShaperNode(context, { curve: new Float32Array([-peak, 0, peak]) });
  soft.connect(level).connect(hard);
  return { input: soft, output: hard };
}
