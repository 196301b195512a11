/** Going from page to page without leaving the document, so that the sound goes on. */

let how = (path) => location.assign(path);

/** Go to an address of ours. */
export const go = (path) => how(path);

/** Say how one goes; the shell does. */
export function navigateBy(next) {
  how = next;
}

/**
 * Return which page an address shows; null for one that another document shows.
 * @param {string} path
 * @returns {{page: "lobby"|"room", roomId?: string}|null}
 */
export function routeOf(path) {
  if (path === "/") return { page: "lobby" };
  const room = /^\/rooms\/(room_[0-9a-z]{26})$/.exec(path);
  return room && { page: "room", roomId: room[1] };
}

/** Whether a click on a link is meant for this tab, and for nothing else. */
export function isPlain(event) {
  return !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
