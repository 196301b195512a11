/** What a person can do in a room, each with its question before and its refusal after. */

import { toast } from "./announce.js";
import { confirm } from "./dialog.js";
import { openMenu } from "./menu.js";
import { isolated } from "./sentences.js";

/**
 * Make the actions.
 * @param {(type: string, data?: object) => Promise<number>} command
 * @param {() => object} state the room now
 */
export function roomActions(command, state) {
  /** Send a command; a refusal becomes a message. Resolves to whether it was done. */
  const attempt = (type, data) =>
    command(type, data).then(() => true, (problem) => {
      toast(problem.words ?? problem.message, "warning");
      return false;
    });

  const removal = async (person, type, words) => {
    if (await confirm({ ...words, danger: true })) attempt(type, { account_id: person.account_id });
  };

  const remove = (person) =>
    removal(person, "participant.remove", { title: `Remove ${isolated(person.name)}?`, text: "They leave now and cannot come back to this room.", yes: "Remove" });

  const block = (person) =>
    removal(person, "participant.block", { title: `Block ${isolated(person.name)}?`, text: "They leave now and cannot see or enter any of your rooms.", yes: "Block" });

  return {
    attempt,
    accept: (person) => attempt("speaker.promote", { account_id: person.account_id }),
    dismiss: (person) => attempt("hand.lower", { account_id: person.account_id }),
    changePolicy: (policy) => attempt("policies.change", { speak_policy: policy }),
    start: () => attempt("room.start"),
    end: () => attempt("room.end"),
    askToEnd: async () => {
      if (await confirm({ title: "End the room?", text: "It ends for everybody, now. It cannot be opened again.", yes: "End the room", danger: true })) attempt("room.end");
    },
    stepDown: async () => {
      if (await confirm({ title: "Leave the stage?", text: "Your microphone closes and you go on listening.", yes: "Step down" })) attempt("speaker.step_down");
    },
    /** The host's menu for one person: only what may be done, in the order of severity. */
    openPerson(button, person) {
      const { can } = state().viewer;
      const id = { account_id: person.account_id };
      const seat = state().seats.find((one) => one.account_id === person.account_id);
      openMenu(button, [
        { when: !seat && can.includes("promote"), label: "Bring on stage", icon: "mic", testid: "bring-on-stage", choose: () => attempt("speaker.promote", id) },
        { when: seat && !seat.muted && can.includes("mute"), label: "Mute", icon: "micOff", testid: "mute-person", choose: () => attempt("mute", id) },
        { when: seat && can.includes("demote"), label: "Move to the audience", icon: "down", testid: "move-to-audience", choose: () => attempt("speaker.demote", id) },
        { when: can.includes("remove"), label: "Remove…", icon: "leave", testid: "remove", danger: true, choose: () => remove(person) },
        { when: can.includes("block"), label: "Block…", icon: "ban", testid: "block", danger: true, choose: () => block(person) },
      ].filter(({ when }) => when));
    },
  };
}
