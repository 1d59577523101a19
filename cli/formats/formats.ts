/** Prints the log formats to give a stage, or what is wrong with one. */

import { fieldOfVariable } from '../../lambda/core/fields';
import { checkFormat, type FormatCheck } from '../../lambda/core/format/check/check';
import { compileFormat, MAX_FORMAT_BYTES } from '../../lambda/core/format/format';
import { formatsToPaste, type NamedFormat } from '../../lambda/core/format/known/formats-to-paste';
import { didYouMean } from '../../lambda/core/nearest';
import { command } from '../command';
import { readText, STANDARD_INPUT } from '../json-source';
import { counted } from '../terminal/counted';
import { printable } from '../terminal/printable';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';

const names = formatsToPaste.map(({ name }) => name);

export const formats = command({
  name: 'formats',
  about: 'Prints the access-log format to give a stage, as one line, or checks the one it has.',
  usage: ['[NAME...] [--json]', '--check FILE [--json]'],
  positional: {
    name: 'NAME',
    description: 'print these formats and nothing else',
    choices: names,
  },
  options: {
    '': {
      check: {
        type: 'string',
        value: 'FILE',
        description:
          'say what can be attributed with the format in a file, - for standard input, whether it ' +
          'logs a secret, and whether its lines can be read',
      },
      json: { type: 'boolean', description: 'print JSON' },
    },
  },
  exitCodes: ['fine', 'the checked format has problems'],
  async run({ values, positionals: chosen }, terminal) {
    const { check: source, json = false } = values;
    if (source === undefined) return printFormats(terminal, { chosen, json });
    if (chosen.length > 0) throw new UsageError('--check and names exclude each other');
    if (source === STANDARD_INPUT && process.stdin.isTTY) {
      terminal.note('paste a log format, then press Ctrl-D');
    }
    const checked = checkFormat(await readText(source));
    if (json) terminal.print(JSON.stringify(checked, undefined, 2));
    else printCheck(terminal, checked);
    return checked.findings.some(({ level }) => level === 'problem') ? 1 : 0;
  },
});

interface Choice {
  readonly chosen: readonly string[];
  readonly json: boolean;
}

function printFormats(terminal: Terminal, { chosen, json }: Choice): number {
  const unknown = chosen.find((name) => !named(name));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, names) || `, expected ${names.join(', ')}`;
    throw new UsageError(`unknown format "${unknown}"${hint}`);
  }
  const found = chosen.length === 0 ? formatsToPaste : chosen.flatMap((name) => named(name) ?? []);
  if (json) terminal.print(JSON.stringify(found.map(described), undefined, 2));
  else if (chosen.length > 0) for (const { format } of found) terminal.print(format);
  else for (const format of found) printListed(terminal, format);
  return 0;
}

/** API Gateway writes its types in capitals. */
function named(name: string): NamedFormat | undefined {
  return formatsToPaste.find((format) => format.name === name.toLowerCase());
}

/** A format never fits a line of a terminal, and must be whole to be pasted. */
function printListed({ print, paint }: Terminal, format: NamedFormat): void {
  const { name, apiType, system, logsSecret } = described(format);
  const kind = apiType === 'WEBSOCKET' ? 'WebSocket' : apiType;
  const secret = logsSecret ? paint(', logs the value of the API key', 'yellow') : '';
  print(`${paint(name, 'bold')}  ${paint(`${kind} APIs, for ${system}`, 'dim')}${secret}`);
  print(format.format);
  print();
}

function described(format: NamedFormat): NamedFormat & { readonly logsSecret: boolean } {
  const { variables } = compileFormat(format.format);
  return { ...format, logsSecret: variables.some((one) => fieldOfVariable(one)?.secret) };
}

const notations = { json: 'JSON', xml: 'XML', text: 'text' } as const;

function printCheck({ print, paint }: Terminal, checked: FormatCheck): void {
  const { notation, variables, bytes, knownAs, attribution, findings } = checked;
  const size = `${bytes} of ${MAX_FORMAT_BYTES} bytes`;
  const known = knownAs.length > 0 ? `, known as ${knownAs.join(', ')}` : '';
  print(`${notations[notation]}, ${counted(variables.length, 'variable')}, ${size}${known}`);
  print(`customer ${yesOrNo(attribution.customer)}, usage plan ${yesOrNo(attribution.usagePlan)}`);
  for (const { level, text } of findings) {
    print(
      `${level === 'problem' ? paint('problem', 'red') : paint('hint', 'yellow')}: ${printable(text)}`,
    );
  }
  if (findings.length === 0) print(paint('nothing to improve', 'green'));
}

function yesOrNo(can: boolean): string {
  return can ? 'yes' : 'no';
}
