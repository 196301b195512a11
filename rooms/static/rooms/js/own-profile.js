/** One's own profile: name, bio, who may follow, whether one may host, whom one has blocked. */

import { toast } from "./announce.js";
import { ask } from "./api.js";
import { openDialog } from "./dialog.js";
import { h, nameOf } from "./dom.js";
import { face } from "./faces.js";
import { field, showErrors } from "./form.js";
import { changeAccount, session } from "./session.js";

/** @param {{changed: () => void}} options what to do when the name is another */
export async function openOwnProfile({ changed }) {
  const form = h("form", { class: "form", id: "profile-form", novalidate: true }, h("p", { class: "quiet", role: "status", text: "Looking…" }));
  const save = h("button", { class: "button button-primary", type: "submit", form: "profile-form", testid: "profile-save", disabled: true, text: "Save" });
  const close = h("button", { class: "button", type: "button", text: "Close", on: { click: () => dialog.close() } });
  const hosting = h("div", { class: "dialog-aside", testid: "hosting" });
  const blocked = h("div", { class: "dialog-aside", hidden: true, testid: "blocked-people" });
  const dialog = openDialog({ title: "Your profile", body: [form, hosting, blocked], actions: [close, save], testid: "own-profile-dialog" });
  showHosting(hosting);
  showBlocked(blocked);
  try {
    fill(form, await ask("GET", "accounts/me"));
    save.disabled = false;
  } catch (problem) {
    form.replaceChildren(h("p", { class: "problem", text: problem.words ?? problem.message }));
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    showErrors(form, null);
    try {
      const account = await ask("PATCH", "accounts/me", { name: form.name.value.trim(), bio: form.bio.value.trim(), protected: form.protected.checked });
      changeAccount(account);
      changed();
      dialog.close();
      toast("Your profile is saved.");
    } catch (problem) {
      showErrors(form, problem);
    }
  });
}

function fill(form, account) {
  form.replaceChildren(
    h("div", { class: "problem", role: "alert", hidden: true }),
    h("div", { class: "profile-head" }, face({ ...account, account_id: session().account.id }, "large"), h("div", {}, h("p", { class: "quiet", dir: "ltr", text: `@${account.handle}` }), h("p", { class: "quiet", text: `${account.follower_count} ${account.follower_count === 1 ? "follower" : "followers"} · follows ${account.following_count}` }))),
    field({ name: "name", label: "Name", maxlength: 50, value: account.name }),
    field({ name: "bio", label: "About you", rows: 2, limit: 160, optional: true }),
    h("label", { class: "switch" }, h("input", { type: "checkbox", name: "protected", role: "switch", testid: "field-protected", checked: account.protected }), h("span", {}, h("span", { class: "switch-word", text: "Protected account" }), h("span", { class: "hint", text: "A protected account cannot host rooms." }))),
  );
  form.bio.value = account.bio;
}

async function showHosting(place) {
  const standing = await ask("GET", "accounts/me/hosting").catch(() => null);
  if (!standing) return place.remove();
  const words = standing.may_host ? "You may host rooms." : standing.detail ?? "You may not host a room yet.";
  place.append(h("h3", { text: "Hosting" }), h("p", { text: words }));
  if (standing.followers_needed > 0) {
    const share = Math.min(1, standing.followers / standing.followers_needed);
    place.append(h("progress", { class: "progress", max: 1, value: share, "aria-label": "Followers that hosting needs" }), h("p", { class: "hint", text: `${standing.followers} of ${standing.followers_needed} followers` }));
  }
}

async function showBlocked(place) {
  const page = await ask("GET", "accounts/me/blocked?limit=100").catch(() => null);
  if (!page || page.results.length === 0) return;
  place.hidden = false;
  place.append(h("h3", { text: "Blocked people" }), h("ul", { class: "removed-list" }, ...page.results.map(blockedPerson)));
}

function blockedPerson(person) {
  const off = h("button", { class: "button button-small", type: "button", testid: "unblock", "aria-label": `Unblock ${person.name}`, text: "Unblock" });
  const item = h("li", { class: "hand" }, face(person, "small"), h("span", { class: "hand-words" }, nameOf(person.name)), off);
  off.addEventListener("click", async () => {
    try {
      await ask("DELETE", `accounts/me/blocked/${person.id ?? person.account_id}`);
      item.remove();
    } catch (problem) {
      toast(problem.words ?? problem.message, "warning");
    }
  });
  return item;
}
