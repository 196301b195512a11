/** The whole of a live room: head, stage, hands, audience, dock. */

import { audienceView } from "./audience-view.js";
import { dockView } from "./dock-view.js";
import { h } from "./dom.js";
import { handsView } from "./hands-view.js";
import { headView } from "./head-view.js";
import { stageView } from "./stage-view.js";

/**
 * Make the view of a room; render() brings it up to date and leaves alone what did not change.
 * @param {object} actions what a person can do, see dockView, stageView and handsView
 */
export function roomView(actions) {
  const head = headView();
  const stage = stageView(actions);
  const hands = handsView(actions);
  const audience = audienceView(actions);
  const dock = dockView(actions);
  const element = h("div", { class: "room-inside" }, h("div", { class: "room-main" }, head.element, stage.element, hands.element, audience.element), dock.element);

  return {
    element,
    stage: stage.list,
    render(room, audio, line) {
      head.render(room, line);
      for (const part of [stage, hands, audience]) part.render(room);
      dock.render(room, audio);
      element.dataset.role = room.viewer.role ?? "none";
    },
  };
}
