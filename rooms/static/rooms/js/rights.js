/** What the viewer may do, as words; only for showing buttons. The server decides. */

const LEADS = ["promote", "demote", "mute", "remove", "mute_all", "invite", "invite_to_speak", "pin"];
const HOSTS = ["end", "change_policies", "block", "change_card", "hand_over", "appoint_cohost", "dismiss_cohost", "lift_removal", "invite_followers"];

/**
 * Return the viewer's rights in a room after something changed.
 * @param {object} room as the fold keeps it
 * @returns {string[]}
 */
export function rights(room) {
  const { role, account_id: me } = room.viewer;
  if (room.state === "ended" || role === "removed" || role === "blocked") return [];
  const live = room.state === "live";
  const seat = room.seats.find((one) => one.account_id === me);
  const present = seat ? !seat.away : role !== null;
  const can = [];
  if (role === "host") can.push(...HOSTS, ...(live ? [] : ["start"]));
  if (present) can.push("leave");
  else if (seat || live) can.push("join");
  if (room.viewer.speak_invitation || (room.viewer.invited && !present)) can.push("accept_invitation", "decline_invitation");
  if (!live) return can;
  if (present || seat) can.push("listen");
  if (present) can.push("react");
  return [...can, ...(seat ? seatRights(role, seat) : listenerRights(room, role))];
}

function seatRights(role, seat) {
  const can = ["speak", seat.muted ? "unmute_self" : "mute_self"];
  if (role !== "speaker") can.push(...LEADS);
  if (role !== "host") can.push("step_down");
  return can;
}

function listenerRights(room, role) {
  if (role === "requested") return ["lower_hand"];
  // Whom the host follows is not known here: who may perhaps ask is shown the button.
  return role === "listener" && room.speak_policy !== "invited" ? ["raise_hand"] : [];
}
