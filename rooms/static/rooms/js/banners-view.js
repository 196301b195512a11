/** What everybody should know now: the room ends soon, the host is away, somebody blocked speaks. */

import { announce } from "./announce.js";
import { left, minutes } from "./countdown.js";
import { h, keyed, nameOf, write } from "./dom.js";
import { icon } from "./icons.js";
import { isolated } from "./sentences.js";

/**
 * Make the banners.
 * @param {{openProfile: (person: object) => void, answerInvitation: () => void}} options
 */
export function bannersView({ openProfile, answerInvitation }) {
  const element = h("div", { class: "banners", hidden: true });

  function create(banner) {
    const text = h("p", { class: "banner-text" });
    const item = h("div", { class: `banner banner-${banner.tone}`, testid: `banner-${banner.kind}` }, icon(banner.icon), text);
    if (banner.person) {
      const more = h("button", { class: "button button-small", type: "button", text: "Their profile", on: { click: () => openProfile(banner.person) } });
      text.append(nameOf(banner.person.name), " speaks here. You have blocked this person.");
      item.append(more);
    }
    if (banner.kind === "invited") item.append(h("button", { class: "button button-small button-primary", type: "button", testid: "answer-invitation", text: "Answer", on: { click: answerInvitation } }));
    announce(banner.person ? `${isolated(banner.person.name)} speaks here. You have blocked this person.` : banner.words()); // once: a countdown is not read out
    return item;
  }

  function update(item, banner) {
    if (!banner.person) write(item.querySelector(".banner-text"), banner.words());
  }

  function show(room) {
    const banners = [...invited(room), ...ending(room), ...away(room), ...warnings(room)];
    keyed(element, banners, { key: ({ key }) => key, create, update });
    element.hidden = banners.length === 0;
  }

  return { element, render: show, tick: show };
}

function invited({ viewer }) {
  const offer = viewer.speak_invitation;
  if (!offer) return [];
  return [{ key: "invited", kind: "invited", tone: "good", icon: "mic", words: () => `You are invited to speak: ${minutes(left(offer.expires_at))} left to answer.` }];
}

function ending({ ending_at: at, state }) {
  if (!at || state !== "live") return [];
  const words = () => (left(at) > 90 ? `This room ends in ${Math.ceil(left(at) / 60)} minutes: it has reached the longest time a room may last.` : `This room ends in ${minutes(left(at))}.`);
  return [{ key: `ending-${at}`, kind: "ending", tone: "warn", icon: "clock", words }];
}

/** The host's seat is kept for a while; what comes after is said without a number that is not known here. */
function away({ seats, kept_until: kept, host_id: host, cohost_ids: cohosts, state, viewer }) {
  const seat = seats.find((one) => one.account_id === host && one.away);
  if (!seat || state !== "live" || viewer.account_id === host) return [];
  const next = () => (cohosts.length > 0 ? "a co-host takes over" : "the room goes on for a few minutes, then ends");
  const words = () => {
    const rest = kept[host] ? left(kept[host]) : 0;
    return rest > 0 ? `The host is away. The seat is kept for ${minutes(rest)}; then ${next()}.` : "The host is away. The room goes on for now.";
  };
  return [{ key: "away", kind: "host-away", tone: "warn", icon: "clock", words }];
}

function warnings({ viewer, seats }) {
  return viewer.warnings.map(({ account_id }) => ({ person: seats.find((seat) => seat.account_id === account_id), account_id })).filter(({ person }) => person).map(({ person, account_id }) => ({ key: `blocked-${account_id}`, kind: "blocked-speaker", tone: "danger", icon: "ban", person }));
}
