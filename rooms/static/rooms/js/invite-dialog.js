/** Inviting: chosen people, to listen or to speak, or all who follow the host. */

import { toast } from "./announce.js";
import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { choices } from "./form.js";
import { peopleField } from "./people-field.js";
import { shareButton } from "./share.js";

const MOST = 100;

/** @param {{attempt: Function, state: () => object}} room */
export function open({ attempt, state }) {
  const { can } = state().viewer;
  const people = peopleField({ most: MOST });
  const to = choices({ name: "to", legend: "Invite them to", choices: [{ value: "listen", label: "Listen" }, { value: "speak", label: "Speak" }] });
  const form = h("form", { class: "form", id: "invite-form", novalidate: true }, people.element, can.includes("invite_to_speak") && to);
  const send = h("button", { class: "button button-primary", type: "submit", form: "invite-form", testid: "send-invitations", text: "Invite" });
  const followers = h("button", { class: "button", type: "button", testid: "invite-followers", text: "Invite all my followers" });
  const everybody = h("div", { class: "dialog-aside" }, h("p", { class: "quiet", text: "Or tell everybody at once:" }), h("div", { class: "dialog-row" }, can.includes("invite_followers") && followers, shareButton("")));
  const dialog = openDialog({ title: "Invite people", body: [form, everybody], actions: [h("button", { class: "button", type: "button", text: "Close", on: { click: () => dialog.close() } }), send], testid: "invite-dialog" });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await people.take())) return;
    const ids = people.chosen().map(({ id }) => id);
    if (ids.length === 0) {
      people.tell("Name somebody first.");
      return form.querySelector("input").focus();
    }
    const many = form.to?.value === "speak" ? await inviteToSpeak(attempt, ids) : (await attempt("people.invite", { account_ids: ids })) && ids.length;
    if (!many) return;
    dialog.close();
    toast(many === 1 ? "One person is invited." : `${many} people are invited.`);
  });
  followers.addEventListener("click", async () => {
    if (!(await attempt("followers.invite"))) return;
    dialog.close();
    toast("All your followers are invited.");
  });
  form.querySelector("input").focus();
}

/** Return how many it worked for; the others have said why not. */
async function inviteToSpeak(attempt, ids) {
  const done = await Promise.all(ids.map((id) => attempt("speaker.invite", { account_id: id })));
  return done.filter(Boolean).length;
}
