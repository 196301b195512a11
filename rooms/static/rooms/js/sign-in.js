/** The way in: a one-time link, a handle and a password, or a new account. */

import { announce } from "./announce.js";
import { ask, Problem } from "./api.js";
import { h } from "./dom.js";
import { face } from "./faces.js";
import { field, showErrors } from "./form.js";
import { keepSession, safeNext } from "./session.js";

const place = document.getElementById("gate-form");
const query = new URLSearchParams(location.search);
let next = safeNext(query.get("next"));

start();

function start() {
  paintHalo();
  const fragment = new URLSearchParams(location.hash.slice(1));
  const code = fragment.get("code");
  if (code) {
    if (fragment.has("next")) next = safeNext(fragment.get("next"));
    // Out of the address bar and the history before anything else can read it.
    history.replaceState(null, "", location.pathname + location.search);
    exchange(code);
  } else showForm("in");
}

async function exchange(code) {
  place.replaceChildren(h("div", { class: "gate-wait", role: "status" }, h("span", { class: "spinner", "aria-hidden": "true" }), h("p", { text: "Signing you in…" })));
  try {
    enter(await ask("POST", "tokens", { code }), { byLink: true });
  } catch (problem) {
    showForm("in", new Problem({ title: "This sign-in link does not work any more.", detail: problem.status === 0 ? problem.words : "Links work once. Sign in with your password, or ask for a new link." }));
  }
}

function enter(answer, how) {
  keepSession(answer, how);
  location.replace(next);
}

function showForm(kind, problem) {
  const fresh = kind === "new";
  const fields = [
    fresh && field({ name: "name", label: "Your name", hint: "As others see it on stage.", autocomplete: "name", maxlength: 50 }),
    field({ name: "handle", label: "Handle", autocomplete: "username", maxlength: 30, hint: fresh ? "3 to 30 letters, digits or _." : undefined, autocapitalize: "none", spellcheck: "false" }),
    field({ name: "password", label: "Password", type: "password", autocomplete: fresh ? "new-password" : "current-password", minlength: fresh ? 8 : undefined, hint: fresh ? "At least 8 characters." : undefined }),
  ].filter(Boolean);
  const submit = h("button", { class: "button button-primary button-wide", type: "submit", testid: "submit", text: fresh ? "Create account" : "Sign in" });
  const form = h("form", { class: "form", novalidate: true, "aria-labelledby": "gate-title" }, h("div", { class: "problem", role: "alert", testid: "problem", hidden: true }), ...fields, submit);
  const other = h("button", { class: "link", type: "button", testid: fresh ? "to-sign-in" : "to-register", text: fresh ? "Sign in instead" : "Create an account" });
  other.addEventListener("click", () => {
    showForm(fresh ? "in" : "new");
    announce(fresh ? "Sign in" : "Create an account");
  });
  form.addEventListener("submit", (event) => send(event, fresh, submit));
  place.replaceChildren(
    h("h1", { id: "gate-title", text: fresh ? "Create your account" : "Welcome back" }),
    form,
    h("p", { class: "gate-other" }, fresh ? "Already here? " : "New here? ", other),
  );
  document.title = `${fresh ? "Create account" : "Sign in"} · Spaces`;
  if (problem) showErrors(form, problem);
  form.querySelector("input").focus({ preventScroll: true });
}

async function send(event, fresh, submit) {
  event.preventDefault();
  const form = event.currentTarget;
  const values = Object.fromEntries(new FormData(form));
  values.handle = values.handle.trim().replace(/^@/, "").toLowerCase();
  const empty = Object.entries(values).filter(([, value]) => !String(value).trim());
  showErrors(form, null);
  if (empty.length > 0) {
    showErrors(form, new Problem({ title: "Please fill in every field.", errors: empty.map(([name]) => ({ pointer: `/${name}`, detail: "Please fill this in." })) }));
    return;
  }
  submit.setAttribute("aria-busy", "true");
  submit.disabled = true;
  try {
    enter(await ask("POST", fresh ? "accounts" : "tokens", values));
  } catch (problem) {
    showErrors(form, atItsField(problem));
    submit.disabled = false;
    submit.removeAttribute("aria-busy");
  }
}

/** A refusal of one word of the form is shown beside that word. */
function atItsField(problem) {
  const name = { "handle-taken": "handle", "handle-not-allowed": "handle", "name-not-allowed": "name", "password-not-allowed": "password" }[problem.code];
  if (name && problem.errors.length === 0) problem.errors = [{ pointer: `/${name}`, detail: problem.facts.detail ?? problem.title }];
  return problem;
}

function paintHalo() {
  const people = ["Ana Reyes", "Bo", "Cy Young", "Dee O", "Eli", "Fay Lin"].map((name, index) => ({ name, id: `halo-${index * 7}` }));
  document.getElementById("gate-halo").append(...people.map((person) => face(person, "large")));
}
