/** A property's value, read by a parser that throws what it expects; rejects in the user's words. */
export function checked<T>(property: string, value: unknown, parse: (text: string) => T): T {
  try {
    return parse(String(value));
  } catch (error) {
    throw new Error(`${property}: got "${value}", expected ${(error as Error).message}`);
  }
}
