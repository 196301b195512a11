/** What a closed socket means, and how long to wait before the next. */

const FINAL = new Set([4004, 4403, 4404, 4409, 4410]);
const FIRST_MS = 400;
const LONGEST_MS = 15_000;
const RATE_LIMITED_MS = 5_000;
const RESTART_MS = 1_500;

/** Whether it is no use to come back: no valid token, forbidden, no such room, opened elsewhere, room over. */
export function isFinal(code) {
  return FINAL.has(code);
}

/** Return the shortest pause that a close code asks for, in ms. */
export function pauseAfter(code) {
  if (code === 4008) return RATE_LIMITED_MS;
  if (code === 1012) return Math.random() * RESTART_MS; // everybody was sent away at once
  return 0;
}

/**
 * Return the pause before an attempt, in ms: doubling, and anywhere in its upper half.
 * @param {number} attempt 0 for the first
 * @param {() => number} [chance]
 */
export function backoff(attempt, chance = Math.random) {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return most / 2 + (chance() * most) / 2;
}
