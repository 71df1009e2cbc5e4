// Where a clip's film and its picture are.

import { at } from "./base.js";

export const mediaOf = (clipId) => at(`/media/${clipId}`);
export const posterOf = (clipId) => at(`/poster/${clipId}`);
