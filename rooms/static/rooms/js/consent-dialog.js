/** "Will you speak?": who asks, who hears it, is it recorded; then the microphone is tried; then one speaks. */

import { announce } from "./announce.js";
import { left, minutes } from "./countdown.js";
import { openDialog } from "./dialog.js";
import { h, write } from "./dom.js";
import { isolated } from "./sentences.js";

/**
 * Ask; closing the dialog is no answer, the invitation then runs out by itself.
 * @param {{state: () => object, command: Function, attempt: Function, consent: {give: () => void, withdraw: () => void}, named: () => Promise<boolean>}} parts
 * @returns {{close: () => void}}
 */
export function askToSpeak({ state, command, attempt, consent, named }) {
  const room = state();
  const by = room.seats.find((seat) => seat.account_id === room.viewer.speak_invitation.by);
  const clock = h("p", { class: "consent-clock", testid: "consent-clock", "aria-hidden": "true" });
  const place = h("div", { class: "consent-mic" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true, testid: "consent-problem" });
  const no = h("button", { class: "button", type: "button", testid: "decline-invitation", text: "No, thank you" });
  const yes = h("button", { class: "button button-primary", type: "button", testid: "accept-invitation", text: "Yes, try my microphone" });
  const title = by ? `${isolated(by.name)} invites you to speak` : "You are invited to speak";
  const dialog = openDialog({ title, body: [h("p", { text: heardBy(room), testid: "consent-words" }), place, problem, clock], actions: [no, yes], testid: "consent" });
  let check = null;
  let tried = false;

  const tick = () => {
    const offer = state()?.viewer.speak_invitation;
    if (!offer) dialog.close();
    else write(clock, `This invitation stands for ${minutes(left(offer.expires_at))}.`);
  };
  const timer = setInterval(tick, 500);
  dialog.addEventListener("close", () => {
    clearInterval(timer);
    check?.close();
  });
  no.addEventListener("click", () => {
    dialog.close();
    attempt("invitation.decline");
  });
  yes.addEventListener("click", async () => (await named()) && dialog.open && (tried ? accept() : tryMic()));

  async function tryMic() {
    problem.hidden = true;
    try {
      const { micCheck } = await import("./mic-check.js");
      check = await micCheck();
      if (!dialog.open) return check.close();
      place.replaceChildren(check.element);
      tried = true;
      write(yes, "Go on stage");
    } catch (cause) {
      problem.hidden = false;
      write(problem, `${cause.message} ${cause.fix ?? ""}`);
      write(yes, "Try again");
    }
  }

  async function accept() {
    yes.disabled = true;
    consent.give();
    try {
      await command("invitation.accept");
      dialog.close();
    } catch (cause) { // the stage is full, say: the invitation still stands
      consent.withdraw();
      problem.hidden = false;
      write(problem, cause.words ?? cause.message);
      yes.disabled = false;
    }
  }

  tick();
  yes.focus();
  announce(`${title}. ${heardBy(room)}`);
  return dialog;
}

function heardBy({ participant_count: count, is_recorded: recorded }) {
  const others = Math.max(1, count - 1);
  const people = others === 1 ? "one person" : `${others} people`;
  return recorded ? `You will be heard by ${people}, and recorded.` : `You will be heard by ${people}.`;
}
