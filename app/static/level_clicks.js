// Two to five soft clicks, one of them right after a silence long enough for an output to fall asleep.

const SPACING_S = 0.6;
const SILENCE_S = 2.5;
const PEAK_DB = -34; // about as soft as a mug put down
const LENGTH_S = 0.012;
const PITCH_HZ = 1500;

/** { count, times }: when each click comes, in seconds. The silence stands before the last ones. */
export function pattern() {
  const count = 2 + random(4);
  const before = 1 + random(count - 1);
  const times = Array.from({ length: count }, (_, n) => n * SPACING_S + (n < before ? 0 : SILENCE_S - SPACING_S));
  return { count, times };
}

/** Schedule them on a context; resolves when the last one is over. `volume` as the clips have it. */
export function playClicks(context, { times }, volume) {
  const level = new GainNode(context, { gain: volume });
  level.connect(context.destination);
  const buffer = click(context);
  return new Promise((done) => {
    const start = context.currentTime + 0.05;
    for (const [n, time] of times.entries()) {
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(level);
      source.start(start + time);
      if (n === times.length - 1) source.onended = () => { level.disconnect(); done(); };
    }
  });
}

function click(context) {
  const length = Math.round(LENGTH_S * context.sampleRate);
  const buffer = context.createBuffer(1, length, context.sampleRate);
  const samples = buffer.getChannelData(0);
  for (let n = 0; n < length; n += 1) {
    const window = Math.sin((Math.PI * n) / length) ** 2;
    samples[n] = 10 ** (PEAK_DB / 20) * window * Math.sin((2 * Math.PI * PITCH_HZ * n) / context.sampleRate);
  }
  return buffer;
}

function random(below) {
  return crypto.getRandomValues(new Uint32Array(1))[0] % below;
}
