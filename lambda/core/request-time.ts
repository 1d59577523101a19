/** The moment that a log writes: CLF's date, ISO 8601, seconds or milliseconds since 1970. */

const clf = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})$/;
const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** Before it a number is a count of seconds: as milliseconds it would be of 1973. */
const FIRST_MILLISECONDS = 100_000_000_000;

/** Milliseconds since 1970, undefined where the text is no time. */
export function epochMs(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const value = Number(text);
    return value < FIRST_MILLISECONDS ? value * 1000 : value;
  }
  const match = clf.exec(text);
  const ms = match ? ofClf(match) : iso.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function ofClf([, day, month, year, time, hours, minutes]: RegExpExecArray): number {
  return Date.parse(`${day} ${month} ${year} ${time} ${hours}${minutes}`);
}
