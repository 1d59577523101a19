/** A variable of the function's environment; rejects where the stack has not set it. */
export function requiredVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name}: got nothing, expected a text`);
  return value;
}
