import fc from 'fast-check';
import { isNoValue } from '../../../../../lambda/core/fields';
import { compileFormat } from '../../../../../lambda/core/format/format';
import { knownFormats } from '../../../../../lambda/core/format/known/known-formats';
import { lineReader, readByKnown } from '../../../../../lambda/core/format/line-reader';
import type { Notation } from '../../../../../lambda/core/format/template';
import { syntaxOf } from '../../../../../lambda/core/format/value-syntax';
import { anyValue } from '../../../../support/any-value';
import { fuzzRuns } from '../../../../support/fuzz-runs';
import { ExpectedFields, fieldsIn } from '../../../../support/line-fields';
import { renderLine, variablesOf } from '../../../../support/render-line';
import { ordinaryValue } from '../../../../support/requests';

const read = lineReader();

const formats = knownFormats.map((known) => {
  const variables = [...new Set(variablesOf(known.format))];
  return {
    ...known,
    variables,
    notation: compileFormat(known.format).template.notation,
    literals: known.format.split(/\$context[\w.]+/),
    expected: new ExpectedFields(known.format),
    /** Whether the value is chosen by a client, an authorizer or an integration. */
    isChosen: (variable: string) => syntaxOf(variable, variables).chars === undefined,
  };
});

type Known = (typeof formats)[number];

interface Case {
  readonly title: string;
  /** The value of a variable in a line of the format; undefined where it is as ordinary. */
  readonly value: (variable: string, format: Known) => string | undefined;
  /** Notations whose lines may be refused, for they do not tell. */
  readonly mayBeRefusedIn?: readonly Notation[];
}

const told: Readonly<Record<string, (text: string) => string>> = {
  path: (text) => `/${text.replace(/[ ,]/g, '')}`,
  integrationErrorMessage: (text) => `it says ${text}`,
};

const chosen =
  (text: string): Case['value'] =>
  (variable, { isChosen }) =>
    // A path begins with a slash, and has no blanks in it; an error is a sentence.
    isChosen(variable) ? (told[variable]?.(text) ?? text) : undefined;

const alwaysThere = /^(request(Id|Time|TimeEpoch)|status|eventType|httpMethod|identity\.sourceIp)$/;

const cases: readonly Case[] = [
  { title: 'a clean line', value: () => undefined },
  { title: 'quotes', value: chosen('say "hello" to "us"') },
  { title: 'a quote at either end', value: chosen('"quoted"') },
  { title: 'typographic quotes', value: chosen('say “hello”') },
  { title: 'commas', value: chosen('a, b,c'), mayBeRefusedIn: ['text'] },
  { title: 'backslashes', value: chosen('C:\\Users\\me\\') },
  { title: 'a backslash before a quote', value: chosen('\\" or \\\\"') },
  { title: 'what is escaped as JSON', value: chosen('say \\"hello\\" \\u00fc') },
  { title: 'what is escaped as XML', value: chosen('R&amp;D &lt;here&gt;') },
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
    value: (variable, { variables }) =>
      variable === variables.find((one) => /userAgent|resourcePath|routeKey/.test(one))
        ? `${variable === 'resourcePath' ? '/' : 'x'}${'y'.repeat(300_000)}`
        : undefined,
  },
];

/** Never `read` with a value that is not the one. */
function outcomeOf(
  { format, expected }: Known,
  valueFor: (variable: string) => string,
): 'read' | 'refused' {
  const json = read(renderLine(format, valueFor));
  if (json === undefined) return 'refused';
  expect(fieldsIn(json, expected.names)).toEqual(expected.of(valueFor));
  return 'read';
}

describe.each(formats)('the format $name', (known) => {
  const { format, apiType, notation, variables, literals, isChosen } = known;
  const ordinary = (variable: string) => ordinaryValue(variable, apiType);

  for (const { title, value, mayBeRefusedIn = [] } of cases) {
    test(`reads ${title}`, () => {
      const outcome = outcomeOf(known, (variable) => value(variable, known) ?? ordinary(variable));

      expect(mayBeRefusedIn.includes(notation) ? 'read' : outcome).toBe('read');
    });
  }

  test('reads a value that looks like the next field right, or not at all', () => {
    for (const [index, variable] of variables.entries()) {
      const disguise = `x${literals[index + 1]}${ordinary(variables[index + 1] ?? variable)}`;
      if (!isChosen(variable)) continue;

      outcomeOf(known, (other) => (other === variable ? disguise : ordinary(other)));
    }
  });

  test('reads whatever API Gateway may write right, or not at all', () => {
    const fragments = [...literals, ...formats.flatMap((other) => other.literals.slice(0, 3))];
    const values = Object.fromEntries(
      variables.map((variable) => [
        variable,
        fc.oneof(
          fc.constant(ordinary(variable)),
          anyValue(syntaxOf(variable, variables), fragments),
        ),
      ]),
    );
    const outcomes = { read: 0, refused: 0 };

    fc.assert(
      fc.property(fc.record(values), (written) => {
        outcomes[outcomeOf(known, (variable) => written[variable] ?? '')]++;
      }),
      { numRuns: fuzzRuns(150) },
    );
    // Of words that stand alone only those with something of their own are taken.
    const isNarrow = known.isOf !== undefined;
    // About half of what is written here is read; a third is never undercut by chance.
    if (!isNarrow) expect(outcomes.read).toBeGreaterThan(outcomes.refused / 3);
  });

  test('reads a line however the format is spaced', () => {
    if (notation === 'text') return;
    const spaced = { ...known, format: format.replace(/,|(?<=>) ?(?=<)/g, ' $& ') };
    const dense = { ...known, format: format.replace(/(?<=>) (?=<)/g, '') };
    const broken = (variable: string) => (isChosen(variable) ? 'a"b"' : ordinary(variable));

    expect([spaced, dense].map((other) => outcomeOf(other, broken))).toEqual(['read', 'read']);
  });

  test('reads a line with a break at its end, real or typed', () => {
    const line = renderLine(format, ordinary);

    for (const ending of ['\n', '\r\n', '\\n', '\\r\\n']) {
      expect([ending, read(line + ending)]).toEqual([ending, read(line)]);
    }
  });

  test('is taken for no other where its lines have something more', () => {
    const line = renderLine(format, ordinary).trimEnd();
    const words = ['word', '17', '200 17', '-', '- 12', 'EP5p3HZtIAMErBw=', '"x"', 'curl/8.5.0'];
    const longer = words.flatMap((word) => [
      `${line} ${word}`,
      `${line},${word}`,
      `${word} ${line}`,
    ]);

    for (const text of longer) {
      const parsed = readByKnown(text)?.parsed ?? 'ambiguous';
      const values = parsed === 'ambiguous' ? [] : [...parsed.values];
      const wrong = values.filter(
        ([variable, value]) => !isNoValue(value) && value !== ordinary(variable),
      );
      // The one value that a known format has where another has nothing.
      const others = wrong.filter((value) => value.join() !== 'extendedRequestId,EP5p3HZtIAMErBw=');
      expect([text, ...others]).toEqual([text]);
    }
  });

  test('does not take two lines for one', () => {
    const line = renderLine(format, ordinary);

    for (const separator of ['', ' ', '\\n', '\\r\\n']) {
      expect([separator, read(line + separator + line)]).toEqual([separator, undefined]);
    }
  });

  // A line that begins with a value may as well begin with the end of another.
  if (format.startsWith('$')) return;

  test('does not take a line that breaks off, and the next, for one', () => {
    const line = renderLine(format, ordinary);

    for (let length = 1; length < line.length; length += 7) {
      expect([length, read(line.slice(0, length) + line)]).toEqual([length, undefined]);
    }
  });
});
