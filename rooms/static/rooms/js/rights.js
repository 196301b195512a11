/** What the viewer may do, as words (rooms/rights.py); only for showing buttons. The server decides. */

const LEADS = ["promote", "demote", "mute", "mute_all", "remove", "invite_to_speak"];

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
  const present = seat ? !seat.away : role === "listener" || role === "requested";
  const can = [...(role === "host" ? hostRights(room, live) : []), ...(role === "host" || role === "cohost" ? ["invite", "pin"] : [])];
  if (present) can.push("leave");
  else if (seat || (live && mayKnock(room))) can.push("join");
  if (room.viewer.speak_invitation || (room.viewer.invited && !present)) can.push("accept_invitation", "decline_invitation");
  if (!live) return can;
  if (present || seat) can.push("listen");
  if (present) can.push("react");
  return [...can, ...(seat ? seatRights(role, seat) : listenerRights(room, role))];
}

function hostRights({ followers_invited: told, audience_policy: audience }, live) {
  const can = ["end", "change_policies", "change_card", "block", "lift_removal", ...(told || audience === "invited" ? [] : ["invite_followers"])];
  return [...can, ...(live ? ["appoint_cohost", "dismiss_cohost", "hand_over"] : ["start"])];
}

function seatRights(role, seat) {
  if (role !== "host" && seat.away) return []; // the seat is kept, and one comes back into it by joining
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

/** Whom one follows is not known here either: who may perhaps come in tries. */
function mayKnock({ audience_policy: audience, viewer }) {
  return audience === "public" || audience === "followers" || viewer.role === "invited";
}
