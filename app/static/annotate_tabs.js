// Tabs of one person in one browser tell each other what is answered, so that nobody answers twice.

export class Tabs {
  /** `onanswered(assignment, answered)`: false where another tab took its answer back. */
  constructor(name, onanswered) {
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(`sounding-${name}`);
    this.channel?.addEventListener("message", ({ data }) => onanswered(data.assignment, data.answered));
  }

  tell(assignment, answered) { this.channel?.postMessage({ assignment, answered }); }

  close() { this.channel?.close(); }
}
