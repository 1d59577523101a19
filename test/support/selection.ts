import { parseArgs } from 'node:util';
import { readSelection, selectionOptions } from '../../cli/stages/stage-selection';

/** The selection that a command line makes. */
export function selectionOf(...args: string[]) {
  const options = { ...selectionOptions };
  const { values, tokens } = parseArgs({ args, options, strict: false, tokens: true });
  const given = tokens.flatMap((token) =>
    token.kind === 'option' ? [{ name: token.name, value: token.value }] : [],
  );
  return readSelection(values as Parameters<typeof readSelection>[0], given);
}
