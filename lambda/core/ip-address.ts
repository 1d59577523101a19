const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);
const ipv6Group = /^[0-9a-f]{1,4}$/i;

/** Whether a text is an IPv4 or IPv6 address and nothing more: no port, no zone, no mask. */
export function isIpAddress(text: string): boolean {
  return ipv4.test(text) || isIpv6(text);
}

function isIpv6(text: string): boolean {
  const parts = text.split('::');
  const isShortened = parts.length === 2;
  if (parts.length > 2 || !text.includes(':')) return false;

  const groups = parts.flatMap((part) => (part === '' ? [] : part.split(':')));
  // The last 32 bits may be written as IPv4; behind a final `::` there are none.
  const hasIpv4 = !text.endsWith('::') && ipv4.test(groups.at(-1) ?? '');
  if (hasIpv4) groups.splice(-1, 1, '0', '0');
  const hasAllGroups = isShortened ? groups.length < 8 : groups.length === 8;
  return hasAllGroups && groups.every((group) => ipv6Group.test(group));
}
