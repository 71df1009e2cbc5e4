export function playClip(id, host) { const v = document.createElement("video"); v.src=`/media/${id}`; v.autoplay=true; v.controls=true; v.style.width="100%"; host.replaceChildren(v); }
export function stopClip() {}
