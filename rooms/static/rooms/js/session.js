/**
 * Who is signed in: first in this tab, as one browser may hold several people, then in this browser.
 *
 * A page stays who it was: that another tab signs in as somebody else changes nothing here until the
 * next page. That another tab signs out does.
 */

const KEY = "spaces.session";
let mine = null; // what this page found in the browser's storage

/** Return {token, expires_at, account} or null. */
export function session() {
  const own = read("sessionStorage");
  if (own) return own;
  const shared = read("localStorage");
  if (!shared || !mine || isSame(shared, mine)) mine = shared;
  return mine && !isOver(mine) ? mine : null;
}

/** Whether this person listens without a name. */
export const isGuest = () => session()?.account?.handle?.startsWith("guest-") ?? false;

/**
 * Keep what signing in or registering answered.
 * @param {object} answer
 * @param {{byLink?: boolean}} [how] a one-time link signs in this tab, and the browser only where nobody is
 */
export function keepSession(answer, { byLink = false } = {}) {
  const { token, expires_at, account, ...rest } = answer;
  const text = JSON.stringify({ token, expires_at, account: account ?? rest });
  if (byLink) sessionStorage.setItem(KEY, text);
  else sessionStorage.removeItem(KEY);
  if (!byLink || !read("localStorage")) localStorage.setItem(KEY, text);
  mine = null;
}

/** Keep what the person changed about the own account: in the tab, the browser, or both. */
export function changeAccount({ name }) {
  for (const storage of ["sessionStorage", "localStorage"]) {
    const kept = read(storage);
    if (kept && isSame(kept, session())) window[storage].setItem(KEY, JSON.stringify({ ...kept, account: { ...kept.account, name } }));
  }
  mine = null;
}

/** Forget the person in this tab, and in the browser if it is the same one. */
export function forgetSession() {
  const gone = session();
  const shared = read("localStorage");
  sessionStorage.removeItem(KEY);
  if (gone && shared && isSame(gone, shared)) localStorage.removeItem(KEY);
  mine = null;
}

/** Read one storage; what is expired or nonsense is nothing. */
function read(storage) {
  try {
    const kept = JSON.parse(window[storage].getItem(KEY) ?? "null");
    return kept?.token && !isOver(kept) ? kept : null;
  } catch {
    return null;
  }
}

const isOver = ({ expires_at: end }) => Date.parse(end) <= Date.now();
const isSame = (one, other) => one.account?.id === other.account?.id;

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
