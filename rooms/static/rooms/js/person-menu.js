/** What one may do about one person: only what is allowed, in the order of severity. */

import { confirm } from "./dialog.js";
import { isolated } from "./sentences.js";

/**
 * Return the entries of a person's menu.
 * @param {{room: object, person: object, command: Function, attempt: Function}} parts
 */
export function personMenu({ room, person, command, attempt }) {
  const { can } = room.viewer;
  const id = { account_id: person.account_id };
  const name = isolated(person.name);
  const seat = room.seats.find((one) => one.account_id === person.account_id);
  const asks = room.hands.some((one) => one.account_id === person.account_id);
  const offered = room.speak_invitations.some((one) => one.account_id === person.account_id);
  const below = !seat || seat.role === "speaker" || room.viewer.role === "host"; // co-hosts leave each other alone
  const sure = async (type, question) => (await confirm(question)) && attempt(type, id);
  const profile = async () => (await import("./profile-dialog.js")).openProfile(person);
  const removal = async () => (await import("./removal-dialog.js")).openRemoval({ person, command, attempt, mayUndo: can.includes("lift_removal") });

  return [
    { when: true, label: "Profile, follow…", icon: "person", testid: "profile", choose: profile },
    { when: !seat && asks && can.includes("promote"), label: "Bring on stage", icon: "mic", testid: "bring-on-stage", choose: () => attempt("speaker.promote", id) },
    { when: !seat && !asks && !offered && can.includes("invite_to_speak"), label: "Invite to speak", icon: "mic", testid: "invite-to-speak", choose: () => attempt("speaker.invite", id) },
    { when: offered && can.includes("invite_to_speak"), label: "Take invitation back", icon: "close", testid: "cancel-offer", choose: () => attempt("invitation.cancel", id) },
    { when: seat && !seat.muted && can.includes("mute"), label: "Mute", icon: "micOff", testid: "mute-person", choose: () => attempt("mute", id) },
    { when: seat?.role === "speaker" && can.includes("appoint_cohost"), label: "Make co-host", icon: "crown", testid: "appoint-cohost", choose: () => attempt("cohost.appoint", id) },
    { when: seat?.role === "cohost" && can.includes("dismiss_cohost"), label: "No longer co-host", icon: "crown", testid: "dismiss-cohost", choose: () => attempt("cohost.dismiss", id) },
    { when: seat && !seat.away && seat.role !== "host" && can.includes("hand_over"), label: "Hand the room over…", icon: "hand", testid: "hand-over", choose: () => sure("room.hand_over", { title: `Hand the room over to ${name}?`, text: "They become the host and decide from now on. You stay on stage.", yes: "Hand over" }) },
    { when: seat && seat.role !== "host" && below && can.includes("demote"), label: "Move to the audience", icon: "down", testid: "move-to-audience", choose: () => attempt("speaker.demote", id) },
    { when: seat?.role !== "host" && below && can.includes("remove"), label: "Remove…", icon: "leave", testid: "remove", danger: true, choose: removal },
    { when: seat?.role !== "host" && can.includes("block"), label: "Block from my rooms…", icon: "ban", testid: "block", danger: true, choose: () => sure("participant.block", { title: `Block ${name}?`, text: "They leave now and cannot see or enter any of your rooms.", yes: "Block", danger: true }) },
  ].filter(({ when }) => when);
}
