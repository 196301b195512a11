/** Who somebody is, and whether one follows or blocks them. */

import { toast } from "./announce.js";
import { ask } from "./api.js";
import { confirm, openDialog } from "./dialog.js";
import { h, nameOf, write } from "./dom.js";
import { face } from "./faces.js";
import { isolated } from "./sentences.js";

/**
 * Show a person's card.
 * @param {{account_id?: string, id?: string, name: string, handle: string}} person
 */
export async function openProfile(person) {
  const id = person.account_id ?? person.id;
  const follow = h("button", { class: "button button-primary", type: "button", testid: "follow", disabled: true, text: "Follow" });
  const block = h("button", { class: "button", type: "button", testid: "block-account", disabled: true, text: "Block" });
  const facts = h("p", { class: "quiet profile-facts", text: "…" });
  const bio = h("p", { class: "profile-bio", dir: "auto", hidden: true });
  const head = h("div", { class: "profile-head" }, face({ ...person, account_id: id }, "large"), h("div", {}, person.handle && h("p", { class: "quiet", dir: "ltr", text: `@${person.handle}` }), facts));
  const dialog = openDialog({ title: nameOf(person.name), body: [head, bio], actions: [h("button", { class: "button", type: "button", text: "Close", on: { click: () => dialog.close() } }), block, follow], testid: "profile-dialog" });
  let account = null;

  function show(next) {
    account = next;
    const { follows, blocks } = account.viewer;
    write(facts, `${account.follower_count} ${account.follower_count === 1 ? "follower" : "followers"} · follows ${account.following_count}${account.protected ? " · protected" : ""}`);
    write(bio, account.bio ?? "");
    bio.hidden = !account.bio;
    write(follow, follows ? "Unfollow" : "Follow");
    follow.classList.toggle("button-primary", !follows);
    follow.disabled = blocks;
    write(block, blocks ? "Unblock" : "Block");
    block.disabled = false;
  }

  async function change(method, list, words) {
    try {
      await ask(method, `accounts/me/${list}/${id}`);
      toast(words);
      const on = method === "PUT";
      show({ ...account, follower_count: account.follower_count + (list === "following" ? (on ? 1 : -1) : 0), viewer: { ...account.viewer, ...(list === "following" ? { follows: on } : { blocks: on, follows: false }) } });
    } catch (problem) {
      toast(problem.words ?? problem.message, "warning");
    }
  }

  follow.addEventListener("click", () => (account.viewer.follows ? change("DELETE", "following", `You no longer follow ${isolated(person.name)}.`) : change("PUT", "following", `You follow ${isolated(person.name)}.`)));
  block.addEventListener("click", async () => {
    if (account.viewer.blocks) return change("DELETE", "blocked", `${isolated(person.name)} is no longer blocked.`);
    const sure = await confirm({ title: `Block ${isolated(person.name)}?`, text: "They cannot see or enter your rooms, and you are warned where they speak.", yes: "Block", danger: true });
    return sure && change("PUT", "blocked", `${isolated(person.name)} is blocked.`);
  });

  try {
    show(await ask("GET", `accounts/${id}`));
  } catch (problem) {
    write(facts, problem.words ?? problem.message);
  }
}
