/** The whole of a live room: head, banners, pins, stage, hands, audience, dock. */

import { audienceView } from "./audience-view.js";
import { bannersView } from "./banners-view.js";
import { dockView } from "./dock-view.js";
import { h } from "./dom.js";
import { handsView } from "./hands-view.js";
import { headView } from "./head-view.js";
import { pinsView } from "./pins-view.js";
import { reactionsView } from "./reactions-view.js";
import { stageView } from "./stage-view.js";

/**
 * Make the view of a room; render() brings it up to date and leaves alone what did not change.
 * @param {object} actions what a person can do, see the views
 */
export function roomView(actions) {
  const head = headView(actions);
  const banners = bannersView(actions);
  const pins = pinsView(actions);
  const stage = stageView(actions);
  const hands = handsView(actions);
  const audience = audienceView(actions);
  const dock = dockView(actions);
  const reactions = reactionsView();
  const element = h("div", { class: "room-inside" }, h("div", { class: "room-main" }, h("div", { class: "room-top" }, head.element, banners.element, pins.element), stage.element, hands.element, audience.element), reactions.element, dock.element);

  return {
    element,
    stage: stage.list,
    reactions,
    render(room, audio, line) {
      head.render(room, line);
      for (const part of [banners, pins, stage, hands, audience]) part.render(room);
      dock.render(room, audio, line);
      element.dataset.role = room.viewer.role ?? "none";
    },
    /** A second has passed. */
    tick(room) {
      for (const part of [head, banners, hands, dock]) part.tick(room);
    },
    close: () => reactions.close(),
  };
}
