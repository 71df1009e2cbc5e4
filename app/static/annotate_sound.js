// A clip's sound as a picture: waveform over spectrogram, drawn once a clip, and whether it is silent.

import { mediaOf } from "./media.js";

const RATE = 16000;
const WINDOW = 256;
const HOP = 96;
const FLOOR_DB = -78;

/** Decode a clip's own bytes. Null where it has no sound track that the browser can read. */
export async function decodeSound(clipId) {
  const answer = await fetch(mediaOf(clipId));
  if (!answer.ok) return null;
  const bytes = await answer.arrayBuffer();
  try {
    const context = new OfflineAudioContext(1, RATE, RATE);
    const buffer = await context.decodeAudioData(bytes);
    return { samples: mix(buffer), duration_s: buffer.duration };
  } catch {
    return null;
  }
}

/** Draw into a canvas of its CSS size, in the theme's ink. `duration_s` is the whole clip's. */
export function drawSound(canvas, sound, duration_s) {
  const scale = devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * scale));
  const height = Math.max(1, Math.round(canvas.clientHeight * scale));
  canvas.width = width;
  canvas.height = height;
  const paint = canvas.getContext("2d");
  paint.clearRect(0, 0, width, height);
  if (!sound) return;
  const style = getComputedStyle(canvas);
  const ink = channels(style.color);
  const used = Math.min(1, sound.duration_s / Math.max(duration_s || sound.duration_s, 1e-3));
  const split = Math.round(height * 0.56);
  drawSpectrogram(paint, sound.samples, Math.round(width * used), split, ink);
  drawWave(paint, sound.samples, Math.round(width * used), split, height - split, style.color);
}

function mix(buffer) {
  const mono = new Float32Array(buffer.length);
  for (let channel = 0; channel < buffer.numberOfChannels; channel += 1) {
    const data = buffer.getChannelData(channel);
    for (let n = 0; n < mono.length; n += 1) mono[n] += data[n] / buffer.numberOfChannels;
  }
  return mono;
}

function drawWave(paint, samples, width, top, height, colour) {
  const middle = top + height / 2;
  paint.fillStyle = colour;
  for (let x = 0; x < width; x += 1) {
    const from = Math.floor((x / width) * samples.length);
    const to = Math.max(from + 1, Math.floor(((x + 1) / width) * samples.length));
    let low = 0;
    let high = 0;
    for (let n = from; n < to; n += 1) {
      if (samples[n] < low) low = samples[n];
      if (samples[n] > high) high = samples[n];
    }
    // Square root: quiet sounds are what this job is about, and they must be seen.
    const up = Math.sqrt(high) * (height / 2 - 2);
    const down = Math.sqrt(-low) * (height / 2 - 2);
    paint.fillRect(x, middle - up, 1, Math.max(1, up + down));
  }
}

function drawSpectrogram(paint, samples, width, height, [red, green, blue]) {
  const columns = Math.max(1, Math.floor((samples.length - WINDOW) / HOP) + 1);
  const image = new ImageData(columns, WINDOW / 2);
  const real = new Float32Array(WINDOW);
  const imaginary = new Float32Array(WINDOW);
  for (let column = 0; column < columns; column += 1) {
    for (let n = 0; n < WINDOW; n += 1) {
      real[n] = (samples[column * HOP + n] ?? 0) * HANN[n];
      imaginary[n] = 0;
    }
    transform(real, imaginary);
    for (let bin = 0; bin < WINDOW / 2; bin += 1) {
      const power = (real[bin] ** 2 + imaginary[bin] ** 2) / (WINDOW * WINDOW / 16);
      const loud = 1 - Math.max(FLOOR_DB, 10 * Math.log10(power + 1e-12)) / FLOOR_DB;
      const at = ((WINDOW / 2 - 1 - bin) * columns + column) * 4;
      image.data[at] = red;
      image.data[at + 1] = green;
      image.data[at + 2] = blue;
      image.data[at + 3] = 255 * Math.min(1, loud) ** 1.6;
    }
  }
  const small = new OffscreenCanvas(columns, WINDOW / 2);
  small.getContext("2d").putImageData(image, 0, 0);
  paint.imageSmoothingQuality = "high";
  paint.drawImage(small, 0, 0, width, height);
}

const HANN = Float32Array.from({ length: WINDOW }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / WINDOW));

/** Radix-2 FFT in place (Cooley and Tukey 1965). */
function transform(real, imaginary) {
  for (let i = 1, j = 0; i < WINDOW; i += 1) {
    let bit = WINDOW >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [real[i], real[j]] = [real[j], real[i]];
  }
  for (let size = 2; size <= WINDOW; size <<= 1) {
    const half = size >> 1;
    for (let k = 0; k < half; k += 1) {
      const angle = (-2 * Math.PI * k) / size;
      const c = Math.cos(angle);
      const s = Math.sin(angle);
      for (let start = k; start < WINDOW; start += size) {
        const other = start + half;
        const re = real[other] * c - imaginary[other] * s;
        const im = real[other] * s + imaginary[other] * c;
        real[other] = real[start] - re;
        imaginary[other] = imaginary[start] - im;
        real[start] += re;
        imaginary[start] += im;
      }
    }
  }
}

function channels(colour) {
  return (colour.match(/[\d.]+/g) ?? ["90", "97", "112"]).slice(0, 3).map(Number);
}
