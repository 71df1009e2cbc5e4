// How clips, flags and answers read to people.

/** "#C C chops the onion" reads "C chops the onion"; the tag stays in the tooltip. */
export function readable(narration) {
  return narration.replace(/^\s*#\s*(c{1,2}|o)\b\s*/i, "") || narration;
}

const FLAGS = { no_audio: "this clip has no sound track", silent_audio: "this clip is digitally silent",
  no_video: "this clip has no picture", other_person: "somebody else’s action" };

export function notes(flags = []) {
  return flags.map((flag) => FLAGS[flag]).filter(Boolean);
}

/** Can one hear it at all? Where not, seeing it once is enough to answer. */
export function canSound(flags = []) {
  return !flags.some((flag) => ["no_audio", "silent_audio"].includes(flag));
}
