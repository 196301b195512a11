export * from "./http.js";
export * from "./operations.js";
export * from "./socket.js";
export type * from "./types.js";
