// Times as the lead reads them: in the zone that was chosen, and with its name.

let zone = "UTC";

export function useZone(name) { zone = name; }
export const zoneName = () => zone;

/** "25 Nov 2026, 18:00" of an ISO moment; the zone's name stands in `zoned`. */
export function at(iso) {
  if (!iso) return "–";
  return new Date(iso).toLocaleString("en-GB", { timeZone: zone, day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
}

export const zoned = (iso) => (iso ? `${at(iso)} ${zone}` : "–");

/** "25 Nov 2026" of a calendar day, which has no zone any more. */
export function day(isoDate) {
  return new Date(`${isoDate}T12:00:00Z`).toLocaleDateString("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
}

/** What <input type=datetime-local> wants: the wall clock of the zone. */
export function wall(iso) {
  if (!iso) return "";
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}
