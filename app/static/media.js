// Where a clip's film and its picture are.

export const mediaOf = (clipId) => `/media/${clipId}`;
export const posterOf = (clipId) => `/poster/${clipId}`;
