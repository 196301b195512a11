/** What those who lead may do about the room as a whole; each dialog is loaded when it is asked for. */

/**
 * Return the entries of the menu.
 * @param {{room: object, command: Function, attempt: Function, state: () => object}} parts
 */
export function roomMenu({ room, command, attempt, state }) {
  const { can } = room.viewer;
  const dialog = (name) => async () => (await import(`./${name}-dialog.js`)).open({ command, attempt, state });
  const speakers = room.seats.filter((seat) => seat.role === "speaker" && !seat.muted);
  return [
    { when: can.includes("invite"), label: "Invite people…", icon: "people", testid: "invite", choose: dialog("invite") },
    { when: can.includes("pin"), label: "Pin something…", icon: "pin", testid: "pin-something", choose: dialog("pin") },
    { when: can.includes("change_card"), label: "Edit the room…", icon: "edit", testid: "edit-room", choose: dialog("card") },
    { when: can.includes("mute_all"), label: speakers.length > 0 ? `Mute all speakers (${speakers.length})` : "Mute all speakers", icon: "micOff", testid: "mute-all", choose: () => attempt("mute.all") },
    { when: can.includes("remove") || can.includes("lift_removal"), label: "Removed people…", icon: "leave", testid: "removed-people", choose: dialog("removed") },
  ].filter(({ when }) => when);
}
