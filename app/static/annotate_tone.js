// A soft two-note tone, so that people set their volume before the first clip.

export function testSound() {
  const context = new AudioContext();
  const gain = new GainNode(context, { gain: 0 });
  const at = context.currentTime;
  gain.gain.linearRampToValueAtTime(0.18, at + 0.03);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.9);
  for (const frequency of [440, 660]) {
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(gain);
    tone.start(at);
    tone.stop(at + 1);
  }
  gain.connect(context.destination);
  setTimeout(() => context.close(), 1300);
}
