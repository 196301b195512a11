/** Building elements. Data only ever becomes text: there is no way here to pass markup. */

/**
 * Make an element.
 * @param {string} tag
 * @param {Record<string, unknown>} [props] class, text, on (listeners), data, testid; anything else is an attribute
 * @param {...(Node|string|null|false|undefined)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(element, name, value);
  element.append(...children.filter((child) => child !== null && child !== false && child !== undefined));
  return element;
}

function set(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "on") {
    for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
  } else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "class") element.className = value;
  else if (name === "text") element.textContent = value;
  else if (name === "testid") element.dataset.testid = value;
  else if (name === "style" || name.startsWith("on")) throw new Error(`${name} is not set as an attribute here`);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** A person's name: isolated, so that right-to-left and control characters stay inside it. */
export function nameOf(text, className = "name") {
  return h("bdi", { class: className, text, title: text });
}

/**
 * Keep a parent's children in step with a list, without making anew what is still there:
 * focus, open menus and rings survive.
 * @param {Element} parent
 * @param {object[]} items
 * @param {{key: (item: object) => string, create: (item: object) => HTMLElement, update: (element: HTMLElement, item: object) => void}} how
 */
export function keyed(parent, items, { key, create, update }) {
  const present = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const id = key(item);
    const element = present.get(id) ?? create(item);
    element.dataset.key = id;
    present.delete(id);
    update(element, item);
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
  for (const gone of present.values()) gone.remove();
}

/** Set text only when it changes, so that a live region does not speak twice. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
