/**
 * Past `console`, which in Lambda puts a time, a request id and a level in front of every line: metrics are
 * only found in lines that are JSON.
 */
export function writeLogLine(line: object): void {
  process.stdout.write(`${JSON.stringify(line, withoutSurprises)}\n`);
}

function withoutSurprises(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, cause };
}
