// Clocks of the labelling page: leases kept alive, clips that never start, the pace of a sitting.

const HEARTBEAT_MS = 60_000;
const STALLED_MS = 8_000;
const IDLE_MS = 5_000;

export class Watch {
  constructor({ stage, session, root, onstalled }) {
    Object.assign(this, { stage, session, root, onstalled });
  }

  /** A sitting begins. */
  begin() {
    this.began = performance.now();
    clearInterval(this.beating);
    this.beating = setInterval(() => {
      if (!this.root.isConnected) clearInterval(this.beating);
      else if (this.session.current && !document.hidden) this.session.heartbeat().catch(() => {});
    }, HEARTBEAT_MS);
  }

  /** A clip was brought to the front: if it neither plays nor fails in time, say that it stalled. */
  clip() {
    clearTimeout(this.stalling);
    const { stage } = this;
    this.stalling = setTimeout(() => {
      const waits = !stage.heard && !stage.playing && !stage.locked && stage.time === 0;
      if (waits && !document.hidden && this.root.offsetParent) this.onstalled();
    }, STALLED_MS);
  }

  /** Look for new clips now and then while a quiet page shows. */
  idle(look) {
    clearInterval(this.idling);
    this.idling = setInterval(() => {
      if (!this.root.isConnected || this.session.current) clearInterval(this.idling);
      else if (!document.hidden && this.root.offsetParent) look().catch(() => {});
    }, IDLE_MS);
  }

  /** ", 31 of them in this sitting, one every 4.2 s", or nothing. */
  pace() {
    const count = this.session.sitting;
    if (!count) return "";
    const seconds = (performance.now() - this.began) / 1000;
    return `, ${count} of them in this sitting, one every ${(seconds / count).toFixed(1)} s`;
  }
}
