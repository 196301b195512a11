/** Pinning a text, a link, or both. */

import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { Problem } from "./api.js";
import { field, showErrors } from "./form.js";
import { safeLink } from "./pins-view.js";

/** @param {{command: Function}} room */
export function open({ command }) {
  const form = h(
    "form",
    { class: "form", id: "pin-form", novalidate: true },
    h("div", { class: "problem", role: "alert", hidden: true }),
    field({ name: "text", label: "Text", optional: true, limit: 280, rows: 2 }),
    field({ name: "url", label: "Link", optional: true, type: "url", inputmode: "url", autocapitalize: "none", hint: "It must begin with https://" }),
  );
  const cancel = h("button", { class: "button", type: "button", text: "Cancel", on: { click: () => dialog.close() } });
  const pin = h("button", { class: "button button-primary", type: "submit", form: "pin-form", testid: "pin-submit", text: "Pin" });
  const dialog = openDialog({ title: "Pin something", body: [form], actions: [cancel, pin], testid: "pin-dialog" });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = form.text.value.trim();
    const url = form.url.value.trim();
    showErrors(form, null);
    try {
      if (!text && !url) throw wrong("text", "Write something, or give a link.");
      if (url && !safeLink(url)) throw wrong("url", "A link that begins with https://, please.");
      await command("pin.add", { text, ...(url ? { url } : {}) });
      dialog.close();
    } catch (problem) {
      showErrors(form, problem);
    }
  });
  form.querySelector("textarea").focus();
}

const wrong = (name, detail) => new Problem({ title: "This needs mending.", errors: [{ pointer: `/${name}`, detail }] });
