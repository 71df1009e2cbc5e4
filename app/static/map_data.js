// What the map's routes send: points in binary, ids a line each, codes and masks in base64.

import { at } from "./base.js";

/** {about, x, y, ids} of a map; the error has `status` 409 where the map has not been made. */
export async function loadMap(base) {
  const [about, points, ids] = await Promise.all([
    fetched(base).then((answer) => answer.json()),
    fetched(`${base}/points`).then((answer) => answer.arrayBuffer()),
    fetched(`${base}/clips`).then((answer) => answer.text()),
  ]);
  const values = new Float32Array(points), half = values.length / 2;
  return { about, x: values.subarray(0, half), y: values.subarray(half), ids: ids.split("\n").filter(Boolean) };
}

/** One category number a point. */
export const codesOf = ({ codes }) => new Uint16Array(bytesOf(codes).buffer);

/** 1 for each of `count` points whose bit is set, 0 for the others. */
export function maskOf({ mask }, count) {
  const bits = bytesOf(mask);
  return Uint8Array.from({ length: count }, (_, i) => (bits[i >> 3] >> (i & 7)) & 1);
}

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function fetched(path) {
  const answer = await fetch(at(path));
  if (answer.ok) return answer;
  const detail = await answer.json().then((body) => body.detail).catch(() => null);
  throw Object.assign(new Error(detail ?? `The studio answered ${answer.status}.`), { status: answer.status });
}
