/** Line icons, drawn for this project on a 24 by 24 grid. */

const PATHS = {
  mic: ["M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3Z", "M5.5 11a6.5 6.5 0 0 0 13 0", "M12 17.5V21"],
  micOff: ["M4 4l16 16", "M9 9v2a3 3 0 0 0 4.7 2.5", "M15 10V6a3 3 0 0 0-5.8-1", "M5.5 11a6.5 6.5 0 0 0 10 5.5", "M18.3 13a6.5 6.5 0 0 0 .2-2", "M12 17.5V21"],
  hand: ["M7.5 12.5V6a1.5 1.5 0 0 1 3 0v5", "M10.5 10.5V4.2a1.5 1.5 0 0 1 3 0v6.3", "M13.5 10.8V5.5a1.5 1.5 0 0 1 3 0V12", "M16.5 11V8.4a1.5 1.5 0 0 1 3 0V15a6 6 0 0 1-6 6h-1.2a6 6 0 0 1-4.6-2.2L4 14.6a1.6 1.6 0 0 1 2.4-2.1l1.1 1.2"],
  leave: ["M10 4H6.5A2.5 2.5 0 0 0 4 6.500v11A2.5 2.5 0 0 0 6.5 20H10", "M15.5 8l4 4-4 4", "M19 12H9.5"],
  more: ["M5.5 12h.01", "M12 12h.01", "M18.5 12h.01"],
  check: ["M5 12.500l4.5 4.500L19 7.5"],
  close: ["M6.5 6.500l11 11", "M17.5 6.500l-11 11"],
  people: ["M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z", "M3 20a6 6 0 0 1 12 0", "M16 4.300a3.5 3.5 0 0 1 0 6.4", "M17.8 14.400A6 6 0 0 1 21 20"],
  plus: ["M12 5v14", "M5 12h14"],
  power: ["M12 3v9", "M7 6.300a8 8 0 1 0 10 0"],
  down: ["M12 5v13", "M6.5 12.500l5.5 5.5 5.5-5.5"],
  ban: ["M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "M6.2 6.200l11.6 11.6"],
  sound: ["M4 9.500v5h3.500l4.5 4v-13l-4.5 4Z", "M16 9a4 4 0 0 1 0 6", "M18.7 6.500a8 8 0 0 1 0 11"],
  door: ["M6 20V5.500A1.5 1.5 0 0 1 7.5 4h9A1.5 1.5 0 0 1 18 5.500V20", "M3.5 20h17", "M14.5 12h.01"],
  link: ["M10 14a4 4 0 0 0 5.700 0l3.300-3.300a4 4 0 0 0-5.700-5.700L12 6.300", "M14 10a4 4 0 0 0-5.700 0L5 13.300A4 4 0 0 0 10.700 19l1.300-1.300"],
  clock: ["M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "M12 7.500V12l3 2"],
  away: ["M3 3l18 18", "M5 10a10 10 0 0 1 3-1.800", "M12 7.500a10 10 0 0 1 7 2.500", "M8.500 14a5 5 0 0 1 3.500-1.500", "M12 18h.01"],
  pin: ["M9 4h6l-.7 6 3.200 3.500H6.5L9.700 10Z", "M12 13.500V20"],
  smile: ["M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "M8.500 14a4.2 4.2 0 0 0 7 0", "M9 9.500h.01", "M15 9.500h.01"],
  sliders: ["M5 7h8", "M17 7h2", "M15 5v4", "M5 17h2", "M11 17h8", "M9 15v4"],
  mail: ["M4 6.500h16v11H4Z", "M4.500 7l7.500 6 7.500-6"],
  search: ["M10.500 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z", "M15.500 15.500L20 20"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z", "M4.500 20.500a7.5 7.5 0 0 1 15 0"],
  edit: ["M5 19l1-4L16.500 4.500l3 3L9 18Z"],
  crown: ["M4.5 17.500h15l1-10-5 4-3.5-6-3.5 6-5-4Z"],
};

/**
 * Make an icon; it says nothing to a screen reader, the control's own label does.
 * @param {keyof typeof PATHS} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
