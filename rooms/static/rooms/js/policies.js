/** Who may listen and who may ask to speak, in words. */

import { h } from "./dom.js";

export const SPEAK = { everyone: "Everyone", followed_by_host: "People I follow", invited: "Only people I invite" };
export const AUDIENCE = { public: "Everyone", followers: "My followers", invited: "Only people I invite" };

/**
 * Make a choice that takes effect at once, shown to who may change it.
 * @param {{id: string, name: "speak_policy"|"audience_policy", label: string, options: object, change: (policy: object) => void}} parts
 */
export function policyChoice({ id, name, label, options, change }) {
  const select = h("select", { class: "input", id, testid: id }, ...Object.entries(options).map(([value, text]) => h("option", { value, text })));
  select.addEventListener("change", () => change({ [name]: select.value }));
  const element = h("div", { class: "hands-policy" }, h("label", { for: id, text: label }), select);
  return {
    element,
    render(room) {
      element.hidden = !room.viewer.can.includes("change_policies") || !(room[name] in options);
      if (document.activeElement !== select) select.value = room[name];
    },
  };
}
