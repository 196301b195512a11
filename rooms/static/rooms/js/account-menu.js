/** The corner of every page that says who you are. */

import { h, nameOf } from "./dom.js";
import { face } from "./faces.js";
import { openMenu } from "./menu.js";
import { forgetSession, goAndSignIn, isGuest, session } from "./session.js";

let leave = async () => undefined; // what to do before somebody else signs in here

/**
 * Fill the end of the bar: the person with a menu, or a way to sign in.
 * @param {{before?: () => Promise<unknown>}} [options] what to do before signing out
 */
export function showAccount({ before = leave } = {}) {
  leave = before;
  const place = document.getElementById("bar-end");
  const account = session()?.account;
  if (!account) {
    place.replaceChildren(h("button", { class: "button button-small", type: "button", testid: "go-sign-in", text: "Sign in", on: { click: goAndSignIn } }));
    return;
  }
  const button = h(
    "button",
    { class: "account", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `Account of ${account.name}`, testid: "account" },
    face(account, "tiny"),
    nameOf(account.name, "account-name"),
  );
  const signOut = async () => {
    await leave();
    forgetSession();
    location.assign("/sign-in");
  };
  const signIn = async () => {
    await leave();
    goAndSignIn();
  };
  const choose = async () => (await import("./name-dialog.js")).askForName();
  const profile = async () => (await import("./own-profile.js")).openOwnProfile({ changed: () => showAccount() });
  button.addEventListener("click", () => openMenu(button, isGuest() ? [
    { label: "Choose a name…", icon: "person", testid: "choose-name", choose },
    { label: "Sign in", icon: "leave", testid: "guest-sign-in", choose: signIn },
  ] : [
    { label: "Your profile", icon: "person", testid: "own-profile", choose: profile },
    { label: "Sign out", icon: "leave", testid: "sign-out", choose: signOut },
  ]));
  place.replaceChildren(button);
}
