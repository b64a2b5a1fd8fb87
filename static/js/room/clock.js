// The server's clock, seen from here: the best of the last eight pings. The machine's own wall clock is never asked.
const KEPT = 8;

export class ServerClock {
  constructor(serverMs, heardAt) {
    this.samples = [];
    this.offset = serverMs - heardAt;
    this.error = null;
  }

  now() {
    return performance.now() + this.offset;
  }

  // A pong: `sent` and `heard` are performance times, `serverMs` lies somewhere between them.
  hear(sent, heard, serverMs) {
    const sample = { rtt: heard - sent, offset: serverMs - (sent + heard) / 2 };
    const best = this.best();
    if (best && Math.abs(sample.offset - best.offset) > (sample.rtt + best.rtt) / 2 + 50) {
      this.samples = []; // Our own counter stood still, as it does while a laptop sleeps: what we knew is void.
    }
    this.samples.push(sample);
    if (this.samples.length > KEPT) this.samples.shift();
    this.offset = this.best().offset;
    this.error = this.best().rtt / 2;
    return sample.rtt;
  }

  best() {
    return this.samples.reduce((a, b) => (a && a.rtt <= b.rtt ? a : b), null);
  }
}
