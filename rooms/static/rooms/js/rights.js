/** What the viewer may do, as words; only for showing buttons. The server decides. */

const HOST = ["leave", "promote", "demote", "mute", "remove", "block", "change_policies", "end"];

/**
 * Return the viewer's rights in a room after something changed.
 * @param {object} room as in the snapshot
 * @returns {string[]}
 */
export function rights(room) {
  const { role, account_id: me } = room.viewer;
  if (room.state === "ended" || role === "removed" || role === "blocked") return [];
  if (room.state === "scheduled") return role === "host" ? ["start", "end", "change_policies"] : [];
  const seat = room.seats.find((one) => one.account_id === me);
  const can = new Set();
  if (role === "host") HOST.forEach((word) => can.add(word));
  if (seat) ["leave", "speak", "listen", seat.muted ? "unmute_self" : "mute_self"].forEach((word) => can.add(word));
  if (role === "speaker") can.add("step_down");
  if (role === "requested") ["leave", "listen", "lower_hand"].forEach((word) => can.add(word));
  if (role === "listener") {
    ["leave", "listen"].forEach((word) => can.add(word));
    if (room.speak_policy !== "invited") can.add("raise_hand");
  }
  if (role === null || role === undefined) can.add("join");
  return [...can];
}
