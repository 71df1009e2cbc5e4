// Tabs of one person in one browser tell each other what is answered, so that nobody answers twice.

export class Tabs {
  constructor(name, onanswered) {
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(`sounding-${name}`);
    this.channel?.addEventListener("message", ({ data }) => onanswered(data));
  }

  tell(assignment) { this.channel?.postMessage(assignment); }

  close() { this.channel?.close(); }
}
