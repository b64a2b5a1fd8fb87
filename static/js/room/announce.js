// One polite live region, spoken to at most once in five seconds. What matters more waits in front of what matters less.
const PAUSE = 5000;

export class Announcer {
  constructor(region) {
    Object.assign(this, { region, waiting: null, rank: -1, spokeAt: -PAUSE, timer: null });
  }

  say(text, rank = 0) {
    if (rank < this.rank) return;
    this.waiting = text;
    this.rank = rank;
    const wait = this.spokeAt + PAUSE - performance.now();
    this.timer ??= setTimeout(() => this.speak(), Math.max(0, wait));
  }

  speak() {
    this.timer = null;
    this.spokeAt = performance.now();
    this.region.textContent = this.waiting;
    this.waiting = null;
    this.rank = -1;
  }
}

// Short tones, off until somebody asks for them.
export class Sound {
  constructor(button, texts) {
    this.on = false;
    button.addEventListener("click", () => {
      this.on = !this.on;
      this.context ??= new AudioContext();
      button.setAttribute("aria-pressed", String(this.on));
      button.querySelector("span").textContent = this.on ? texts.soundOn : texts.soundOff;
      this.play(660);
    });
  }

  play(pitch) {
    if (!this.on) return;
    const tone = this.context.createOscillator();
    const volume = this.context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.12, this.context.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, this.context.currentTime + 0.25);
    tone.connect(volume).connect(this.context.destination);
    tone.start();
    tone.stop(this.context.currentTime + 0.25);
  }
}
