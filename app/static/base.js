// Where the studio stands: "/", or a sub-path that a proxy has put it under.

const BASE = new URL("..", import.meta.url).pathname;

/** The address of a path of ours: at("/api/runs") is "/lab/api/runs" under /lab/. */
export const at = (path) => BASE + path.replace(/^\//, "");

/** Lead to the sign-in page and back here, where an answer says that nobody is signed in (any more).
    Answers that wait stay in the browser's outbox meanwhile. */
export function signInIfAsked(answer) {
  if (answer.status !== 401 || !answer.headers.has("x-sign-in")) return;
  const page = location.pathname.slice(BASE.length);
  location.assign(at("/signin") + (page ? `?to=${encodeURIComponent(page)}` : "") + location.hash);
}
