/** A property's value, read by a parser that throws what it expects; rejects in the user's words. */
export function checked<T>(property: string, value: unknown, parse: (text: string) => T): T {
  // cdk.json may well hold a number or a list where the command line has text.
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${property}: got "${text}", expected ${(error as Error).message}`);
  }
}
