// The text version: what is typed is a price, or one of three words.
import { clockTime, countdown, fill, typed } from "./format.js";

export function listenForCommands(form, { texts, store, now, bidform, announcer, standing }) {
  const answer = form.parentElement.querySelector("[data-room=answer]");
  const input = form.elements.command;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    input.value = "";
    const reply = replyTo(text.toLowerCase());
    answer.textContent = reply;
    announcer.say(reply, 2);
  });

  function replyTo(text) {
    if (["时间", "time", texts.wordTime.toLowerCase()].includes(text)) {
      const left = countdown(store.closesAt - now());
      return fill(texts.commandTime, { left, time: clockTime(now()) });
    }
    if (["排名", "rank", texts.wordRank.toLowerCase()].includes(text)) return standing();
    const amount = typed(text);
    if (amount !== null && bidform) {
      bidform.place({ amount });
      return bidform.why() || bidform.state.textContent;
    }
    if (["帮助", "help", "?", texts.wordHelp.toLowerCase()].includes(text)) return texts.commandHelp;
    return `${fill(texts.commandUnknown, { text })} ${texts.commandHelp}`;
  }
}
