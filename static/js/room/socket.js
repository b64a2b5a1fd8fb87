// The room's socket. It trusts silence more than events: a browser that loses its network may keep a dead socket open.
const PING_EVERY = 2500;
const SILENT_AFTER = 6000;
const SLOW_RTT = 1200;
const SLOW_WAIT = 3600;
const OPEN_WITHIN = 5000;
const LONGEST_PAUSE = 4000;
const POLL_EVERY = 3000;
const DOWN_AFTER = 20000;

export class RoomSocket {
  // `seq()` tells the number up to which we have everything; `on` has message(object), link(state, rtt), opened().
  constructor({ path, stateUrl, clock, seq, on }) {
    const secure = location.protocol === "https:";
    this.url = `${secure ? "wss" : "ws"}://${location.host}${path}`;
    Object.assign(this, { stateUrl, clock, seq, on });
    this.attempts = 0;
    this.rtt = null;
    this.lostAt = performance.now();
    this.state = "connecting";
    this.connect();
    setInterval(() => this.look(), 250);
    addEventListener("online", () => this.retryNow());
    addEventListener("offline", () => this.drop());
    document.addEventListener("visibilitychange", () => document.hidden || this.ping());
  }

  get good() {
    return this.state === "good";
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    clearTimeout(this.retry);
    this.retry = null;
    this.startedAt = this.heardAt = performance.now();
    const socket = (this.socket = new WebSocket(this.url));
    const current = () => this.socket === socket;
    socket.onopen = () => {
      if (!current()) return;
      this.heardAt = performance.now();
      this.clock.samples = [];
      this.on.opened();
      for (const wait of [0, 150, 300]) setTimeout(() => current() && this.ping(), wait);
    };
    socket.onmessage = (event) => current() && this.hear(event.data);
    socket.onclose = () => current() && this.drop();
  }

  send(message) {
    if (!this.open) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  ping() {
    this.pingedAt = performance.now();
    this.send({ type: "ping", seq: this.seq(), t: this.pingedAt });
  }

  hear(text) {
    const heard = (this.heardAt = performance.now());
    const message = JSON.parse(text);
    if (message.type === "pong") {
      this.rtt = this.clock.hear(message.t, heard, Date.parse(message.now));
      this.pongedAt = heard;
      this.attempts = 0;
      this.lostAt = null;
      this.judge();
    }
    this.on.message(message);
  }

  // Four times a second: is the line alive, is a ping due, is it time to poll?
  look() {
    const now = performance.now();
    if (this.open && now - this.pingedAt > PING_EVERY) this.ping();
    const silent = now - this.heardAt > (this.open ? SILENT_AFTER : OPEN_WITHIN);
    if (this.socket && silent) this.drop();
    if (this.lostAt !== null && now - this.lostAt > POLL_EVERY) this.poll(now);
    this.judge();
  }

  judge() {
    const now = performance.now();
    let state = "good";
    if (!this.open || this.lostAt !== null) {
      const since = now - (this.lostAt ?? now);
      state = this.rtt === null && since < OPEN_WITHIN ? "connecting" : since > DOWN_AFTER ? "down" : "reconnecting";
    } else if (this.rtt > SLOW_RTT || now - this.pongedAt > SLOW_WAIT) {
      state = "slow";
    }
    this.state = state;
    this.on.link(state, this.rtt);
  }

  drop() {
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    this.lostAt ??= performance.now();
    if (!this.retry) {
      const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** this.attempts++) * (0.5 + Math.random() / 2);
      this.retry = setTimeout(() => this.connect(), pause);
    }
    this.judge();
  }

  retryNow() {
    this.attempts = 0;
    this.drop();
    clearTimeout(this.retry);
    this.connect();
  }

  async poll(now) {
    if (now - (this.polledAt ?? 0) < POLL_EVERY) return;
    this.polledAt = now;
    const state = await this.fetchState();
    if (state && this.lostAt !== null) this.on.message(state);
  }

  // A full refresh for what the entries alone do not say: why we may not bid, our rank after others fell.
  async refresh() {
    const state = await this.fetchState();
    if (state) this.on.message(state);
  }

  async fetchState() {
    try {
      const answer = await fetch(this.stateUrl, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(POLL_EVERY),
      });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null; // The network is away; whoever asked will ask again, or hears it over the socket.
    }
  }
}
