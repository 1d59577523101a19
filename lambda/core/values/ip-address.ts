const ipv6Group = /^[0-9a-f]{1,4}$/i;

/** Whether a text is an IPv4 or IPv6 address and nothing more: no port, no zone, no mask. */
export function isIpAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

export function isIpv4(text: string): boolean {
  const bytes = Buffer.from(text);
  return isIpv4At(bytes, 0, bytes.length);
}

function isIpv6(text: string): boolean {
  if (!text.includes(':')) return false;
  const parts = text.split('::');
  const isShortened = parts.length === 2;
  if (parts.length > 2) return false;

  const groups = parts.flatMap((part) => (part === '' ? [] : part.split(':')));
  // The last 32 bits may be written as IPv4; after a final `::` there are none.
  const hasIpv4 = !text.endsWith('::') && isIpv4(groups.at(-1) ?? '');
  if (hasIpv4) groups.splice(-1, 1, '0', '0');
  const hasAllGroups = isShortened ? groups.length < 8 : groups.length === 8;
  return hasAllGroups && groups.every((group) => ipv6Group.test(group));
}

const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** Whether these bytes are an IPv4 address and nothing more. */
export function isIpv4At(bytes: Uint8Array, start: number, end: number): boolean {
  let octets = 0;
  for (let at = start; at <= end; at++) {
    const first = at;
    let octet = 0;
    for (; at < end && bytes[at] !== DOT; at++) {
      const digit = bytes[at] as number;
      if (digit < ZERO || digit > NINE) return false;
      octet = octet * 10 + digit - ZERO;
    }
    if (at === first || octet > 255 || (bytes[first] === ZERO && at - first > 1)) return false;
    octets++;
  }
  return octets === 4;
}
