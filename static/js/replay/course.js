// The course of a selection as its record tells it: which entries play, and when on a scale that skips long silences.
const LONGEST_SILENCE = 45000; // of the live phase, in milliseconds; a pause over night takes no longer to watch
const STEP = 3000; // where there was no auction, each entry stands for so long
const BEGINS = "auction.opened";

export class Course {
  // `entries` of the record, `refused` presses that are in no case file: both with `at` as text.
  constructor(entries, refused) {
    const began = entries.findIndex((entry) => entry.kind === BEGINS);
    this.live = began >= 0;
    this.before = this.live ? entries.slice(0, began) : [];
    const played = this.live ? entries.slice(began) : entries;
    this.events = merged(played, refused).map((event) => ({ ...event, ms: Date.parse(event.at) }));
    const end = this.events.findLastIndex((event) => /^(auction|selection)\.(closed|failed)$/.test(event.kind));
    if (this.live && end >= 0) this.events.length = end + 1;
    this.place();
  }

  // Where each event stands on the scale, in milliseconds from its beginning.
  place() {
    let at = 0;
    this.events.forEach((event, n) => {
      if (n) at += this.live ? Math.min(event.ms - this.events[n - 1].ms, LONGEST_SILENCE) : STEP;
      event.at_scale = at;
    });
    this.length = at;
  }

  // How many events have happened at this place of the scale.
  count(place) {
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events[middle].at_scale <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // The moment of the real clock at this place.
  moment(place) {
    const past = this.events[Math.max(0, this.count(place) - 1)];
    const next = this.events[this.count(place)];
    if (!next || next.at_scale === past.at_scale) return past.ms;
    const share = (place - past.at_scale) / (next.at_scale - past.at_scale);
    return Math.round(past.ms + share * (next.ms - past.ms));
  }

  // The place of the next event that is worth a stop, forwards (1) or backwards (-1).
  stop(place, way) {
    const stops = this.events.filter((event) => !this.live || event.kind !== "bid.refused");
    const found = way > 0 ? stops.find((event) => event.at_scale > place) : stops.findLast((event) => event.at_scale < place);
    return found ? found.at_scale : way > 0 ? this.length : 0;
  }
}

// Refused presses stand after the entry that was newest when they were refused.
function merged(entries, refused) {
  const waiting = [...refused].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const all = [];
  for (const entry of entries) {
    while (waiting.length && Date.parse(waiting[0].at) < Date.parse(entry.at)) all.push(waiting.shift());
    all.push(entry);
  }
  return all;
}
