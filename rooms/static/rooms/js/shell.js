/**
 * What stays while pages come and go: who is signed in, the room that one is in, its mini player.
 *
 * Lobby and room are pages of one document. Whoever goes from a room to the lobby stays in the room.
 */

import { showAccount } from "./account-menu.js";
import { announce, toast } from "./announce.js";
import { miniPlayer } from "./mini-player.js";
import { isPlain, navigateBy, routeOf } from "./navigation.js";
import { goAndSignIn, session } from "./session.js";

const place = document.getElementById("main");
const PAGES = {
  lobby: { module: () => import("./lobby.js"), styles: ["lobby", "mini"] },
  room: { module: () => import("./room.js"), styles: ["room", "stage", "people", "dock", "banners"] },
};
const OVER = { ended: "The room has ended.", removed: "You were removed from the room.", blocked: "The host has blocked you.", elsewhere: "You opened the room somewhere else.", forbidden: "The room is not open to you any more." };
let open = { close: () => undefined };
let turn = 0;
let room = null; // the room that one is in, whatever page is shown

const player = miniPlayer({ leave });

const shell = {
  /** Return the session of a room: the one that goes on, or a new one. */
  async enter(roomId) {
    if (room?.roomId === roomId && !room.over) return room;
    await leave();
    const { createRoomSession } = await import("./room-session.js");
    room = createRoomSession(roomId);
    room.watch({ changed: () => player.render(room), ended: (kind) => closed(kind) });
    return room;
  },
  leave,
};

if (session()) begin();
else standOutside();

/** Who is not signed in may listen to a room without a name; everything else begins with signing in. */
async function standOutside() {
  const { roomId } = routeOf(location.pathname) ?? {};
  if (!roomId) return goAndSignIn();
  const { openDoor } = await import("./guest-door.js");
  await openDoor(place, roomId, begin);
}

function begin() {
  showAccount({ before: leave });
  navigateBy(visit);
  addEventListener("popstate", () => show(location.pathname));
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  document.addEventListener("click", followLink);
  show(location.pathname, { first: true });
}

function visit(path) {
  if (!routeOf(path)) return location.assign(path);
  if (path !== location.pathname) history.pushState(null, "", path);
  return show(path);
}

function followLink(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || link.origin !== location.origin || link.hash || !routeOf(link.pathname) || !isPlain(event)) return;
  event.preventDefault();
  visit(link.pathname);
}

async function show(path, { first = false } = {}) {
  const { page, roomId } = routeOf(path) ?? { page: "lobby" };
  const mine = ++turn;
  const [module] = await Promise.all([PAGES[page].module(), ...PAGES[page].styles.map(styled)]);
  if (mine !== turn) return; // somebody went on
  open.close();
  if (!first) place.replaceChildren();
  document.body.classList.toggle("in-room", page === "room");
  document.body.dataset.page = page;
  player.showOn(page, roomId);
  open = { close: () => undefined };
  const opened = await module.open(place, shell, roomId);
  if (mine !== turn) return opened.close();
  open = opened;
  if (first) return;
  scrollTo(0, 0);
  place.focus({ preventScroll: true });
  announce(document.title);
}

/** Wait for a style sheet; the first page brings its own. */
function styled(name) {
  const href = new URL(`../css/${name}.css`, import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return undefined;
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: resolve });
    document.head.append(link);
  });
}

async function leave() {
  const gone = room;
  room = null;
  player.render(null);
  await gone?.depart();
}

/** The room closed itself. Who looks at it is told by its page; who is elsewhere, in a word. */
function closed(kind) {
  room = null;
  player.render(null);
  if (document.body.dataset.page !== "room") toast(OVER[kind] ?? "The room has closed.", "warning");
}
