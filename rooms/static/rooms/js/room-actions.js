/** What a person can do in a room, each with its question before and its refusal after. */

import { toast } from "./announce.js";
import { confirm } from "./dialog.js";
import { openMenu } from "./menu.js";
import { personMenu } from "./person-menu.js";
import { roomMenu } from "./room-menu.js";

/** Whether a host goes while others are there, who would wait. */
const leavesOthersAlone = (room) => room?.viewer.role === "host" && room.state === "live" && room.participant_count > 1;

const farewell = ({ cohost_ids: cohosts }) => ({
  title: "Leave your room?",
  text: `It goes on without you. Your seat is kept for a while; if you do not come back, ${cohosts.length > 0 ? "a co-host takes over" : "the room ends some minutes later"}.`,
  yes: "Leave",
});

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
  const on = (type) => (person) => attempt(type, { account_id: person.account_id });
  const asked = (question, then) => confirm(question).then((yes) => yes && then());

  return {
    attempt,
    accept: on("speaker.promote"),
    dismiss: on("hand.lower"),
    cancelInvitation: on("invitation.cancel"),
    changePolicy: (policy) => attempt("policies.change", policy),
    unpin: (pin) => attempt("pin.remove", { pin_id: pin.pin_id }),
    start: () => attempt("room.start"),
    end: () => attempt("room.end"),
    askToEnd: () => asked({ title: "End the room?", text: "It ends for everybody, now. It cannot be opened again.", yes: "End the room", danger: true }, () => attempt("room.end")),
    mayLeave: async () => !leavesOthersAlone(state()) || confirm(farewell(state())),
    stepDown: () => asked({ title: "Leave the stage?", text: "Your microphone closes and you go on listening.", yes: "Step down" }, () => attempt("speaker.step_down")),
    react: async (button) => (await import("./reaction-picker.js")).openReactions(button, (emoji) => attempt("reaction.send", { emoji })),
    openRoomMenu: (button) => openMenu(button, roomMenu({ room: state(), command, attempt, state })),
    openPerson: (button, person) => openMenu(button, personMenu({ room: state(), person, command, attempt })),
    openProfile: async (person) => (await import("./profile-dialog.js")).openProfile(person),
  };
}
