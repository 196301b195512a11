/** Who is signed in, in this tab: another tab may be another person. */

const KEY = "spaces.session";

/** Return {token, expires_at, account} or null. */
export function session() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return kept?.token && !(Date.parse(kept.expires_at) <= Date.now()) ? kept : null;
  } catch {
    return null;
  }
}

/** Keep what signing in or registering answered. */
export function keepSession(answer) {
  const { token, expires_at, account, ...rest } = answer;
  sessionStorage.setItem(KEY, JSON.stringify({ token, expires_at, account: account ?? rest }));
}

/** Forget the person in this tab. */
export function forgetSession() {
  sessionStorage.removeItem(KEY);
}

/** Go and sign in, then come back here. */
export function goAndSignIn() {
  const next = location.pathname === "/" ? "" : `?next=${encodeURIComponent(location.pathname)}`;
  location.assign(`/sign-in${next}`);
}

/**
 * Return an address of this site that is safe to go to after signing in.
 * @param {string|null} wish from the query or the fragment: anybody could have written it
 */
export function safeNext(wish) {
  return /^\/rooms\/room_[0-9a-z]{26}$/.test(wish ?? "") ? wish : "/";
}
