import { fieldNamed, fieldOfVariable, isNoValue } from '../../../lambda/core/fields';
import { compileFormat } from '../../../lambda/core/format';
import { shapeOf } from '../../../lambda/core/format-shapes';
import type { Notation } from '../../../lambda/core/format-template';
import type { NamedFormat } from '../../../lambda/core/formats-to-paste';
import { knownFormats } from '../../../lambda/core/known-formats';
import { lineReader } from '../../../lambda/core/line-reader';
import { columnsOf } from '../../support/columns-of';
import { renderLine, variablesOf } from '../../support/render-line';
import { ordinaryValue } from '../../support/requests';

const read = lineReader();
const formats = knownFormats.map((known) => {
  const variables = variablesOf(known.format);
  const { notation } = compileFormat(known.format).template;
  return { ...known, variables, notation };
});

type Known = (typeof formats)[number];
type ValueFor = (variable: string) => string;

/** Whether the value is chosen by a client, an authorizer or an integration. */
function isChosen(variable: string, { format }: NamedFormat): boolean {
  return shapeOf(variable, variablesOf(format)).chars === undefined;
}

/** What the columns of a line say: a JSON format has names of its own, others have the table's. */
function expectedColumns({ format, notation }: Known, valueFor: ValueFor): Record<string, string> {
  const named = /["“](\w+)["”]: ?["“]?\$context\.([\w.]+)/g;
  const columns =
    notation === 'json'
      ? Array.from(format.matchAll(named), ([, name = '', variable = '']) => {
          return [fieldNamed(name)?.column ?? name, variable];
        })
      : variablesOf(format).map((variable) => [fieldOfVariable(variable)?.column, variable]);
  const values = columns.map(([column, variable = '']) => [column, valueFor(variable)]);
  return Object.fromEntries(values.filter(([, value]) => !isNoValue(value)));
}

interface Case {
  readonly title: string;
  /** The value of a variable in a line of the format; undefined where it is as ordinary. */
  readonly value: (variable: string, format: NamedFormat) => string | undefined;
  /** Notations whose lines may be refused, for they do not tell. */
  readonly mayBeRefusedIn?: readonly Notation[];
}

const chosen =
  (text: string): Case['value'] =>
  (variable, format) =>
    isChosen(variable, format) ? text : undefined;

const alwaysThere =
  /^(requestId|requestTime|requestTimeEpoch|status|eventType|identity\.sourceIp)$/;

const cases: readonly Case[] = [
  { title: 'a clean line', value: () => undefined },
  { title: 'quotes', value: chosen('say "hello" to "us"') },
  { title: 'commas', value: chosen('a, b,c'), mayBeRefusedIn: ['text'] },
  { title: 'a quote at either end', value: chosen('"quoted"') },
  { title: 'typographic quotes', value: chosen('say “hello”') },
  { title: 'backslashes', value: chosen('C:\\Users\\me\\') },
  { title: 'a backslash before a quote', value: chosen('\\" or \\\\"') },
  { title: 'non-ASCII text', value: chosen('Grüße 世界 🐈') },
  { title: 'control characters', value: chosen('a\tb\u0001c') },
  { title: 'markup', value: chosen('<b>R&D</b>') },
  { title: 'braces', value: chosen('{a:{b}}') },
  {
    title: 'a dash where API Gateway may have no value',
    value: (variable) => (alwaysThere.test(variable) ? undefined : '-'),
  },
  { title: 'no value at all', value: () => '', mayBeRefusedIn: ['text'] },
  {
    title: 'an IPv6 address',
    value: (variable) => (variable === 'identity.sourceIp' ? '2001:db8::8a2e:370:7334' : undefined),
  },
  {
    title: 'a very long value',
    value: (variable, { format }) =>
      variable === variablesOf(format).find((one) => /userAgent|resourcePath|routeKey/.test(one))
        ? `${variable === 'resourcePath' ? '/' : 'x'}${'y'.repeat(300_000)}`
        : undefined,
  },
];

function outcomeOf(known: Known, valueFor: ValueFor): 'read' | 'refused' {
  const json = read(renderLine(known.format, valueFor));
  if (json === undefined) return 'refused';
  expect(columnsOf(json)).toEqual(expectedColumns(known, valueFor));
  return 'read';
}

describe.each(formats)('the format $name', (known) => {
  const { format, apiType, variables, notation } = known;

  for (const { title, value, mayBeRefusedIn = [] } of cases) {
    test(`reads ${title}`, () => {
      const valueFor = (variable: string) =>
        value(variable, known) ?? ordinaryValue(variable, apiType);

      const outcome = outcomeOf(known, valueFor);

      expect(mayBeRefusedIn.includes(notation) ? 'read' : outcome).toBe('read');
    });
  }

  test('reads a value that looks like the next field right, or not at all', () => {
    const literals = format.split(/\$context[\w.]+/);
    for (const [index, variable] of variables.entries()) {
      if (!isChosen(variable, known)) continue;
      const next = ordinaryValue(variables[index + 1] ?? variable, apiType);
      const disguised = `x${literals[index + 1]}${next}`;
      const valueFor = (other: string) =>
        other === variable ? disguised : ordinaryValue(other, apiType);

      outcomeOf(known, valueFor);
    }
  });

  test('reads a line with a break at its end, real or typed', () => {
    const valueFor = (variable: string) => ordinaryValue(variable, apiType);
    const line = renderLine(format, valueFor);

    for (const ending of ['\n', '\r\n', '\\n', '\\r\\n', ' ']) {
      expect([ending, read(line + ending)]).toEqual([ending, read(line)]);
    }
  });

  test('does not take two lines for one', () => {
    const line = renderLine(format, (variable) => ordinaryValue(variable, apiType));

    expect(read(line + line)).toBeUndefined();
    expect(read(`${line} ${line}`)).toBeUndefined();
  });

  // A line that begins with a value may as well begin with the end of another.
  if (format.startsWith('$')) return;

  test('does not take a line that breaks off, and the next, for one', () => {
    const line = renderLine(format, (variable) => ordinaryValue(variable, apiType));

    for (let length = 1; length < line.length; length += 7) {
      const broken = line.slice(0, length);
      expect([length, read(broken + line)]).toEqual([length, undefined]);
    }
  });
});
