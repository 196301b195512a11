/** Times that are still to come, as words that change each second. */

/** Return seconds as "48 s" or "1:05". */
export function minutes(seconds) {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Return how many whole seconds are left until a time, at least 0. */
export function left(until) {
  return Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1000)) || 0;
}
