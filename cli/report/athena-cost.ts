/**
 * What Athena charges for a query: by the bytes that it reads.
 *
 * @see https://aws.amazon.com/athena/pricing/
 */

const USD_PER_BYTE = 5 / 1e12;
/** The least that a query is charged for. */
const MINIMUM_BYTES = 10_000_000;

/** In USD; what fails is not charged. */
export function costOf(bytesScanned: number): number {
  return Math.max(bytesScanned, MINIMUM_BYTES) * USD_PER_BYTE;
}

/** Small amounts with enough digits not to become 0. */
export function inUsd(amount: number): string {
  return `${amount >= 0.01 || amount === 0 ? amount.toFixed(2) : amount.toPrecision(1)} USD`;
}

export function inBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
