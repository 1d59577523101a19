/**
 * Whatever the check says of a format is so: lines of the format are made, as API Gateway makes them, and
 * read. Each kind of statement is here, and a new one fails until it is.
 */

import { transform } from '../../../../../lambda/core/batch/transform';
import { Catalog } from '../../../../../lambda/core/catalog/catalog';
import { fieldOfVariable, isNoValue } from '../../../../../lambda/core/fields';
import { checkFormat, type FormatCheck } from '../../../../../lambda/core/format/check/check';
import { namesIn } from '../../../../../lambda/core/format/configured-names';
import { knownFormats } from '../../../../../lambda/core/format/known/known-formats';
import { lineReader, readByKnown } from '../../../../../lambda/core/format/line-reader';
import { rendererFor } from '../../../../../lambda/core/output/renderer-for';
import { type Output, outputs, readSettings } from '../../../../../lambda/core/settings/settings';
import { firehoseEvent, textOf } from '../../../../support/firehose';
import { lineKinds, SECRET, usualValue } from '../../../../support/line-kinds';
import { publicFormats } from '../../../../support/public-formats';
import { renderLine, variablesOf } from '../../../../support/render-line';

const catalog = new Catalog([
  {
    id: 'p1',
    name: 'Gold',
    apiStages: [{ apiId: '7k2m9x4qpa', stage: 'prod' }],
    keys: [{ id: 'k3yac4me01', name: 'Acme GmbH' }],
  },
]);

const base = '"requestId":"$context.requestId","apiId":"$context.apiId","stage":"$context.stage"';
const key = '"apiKeyId":"$context.identity.apiKeyId"';
const clf =
  '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] ' +
  '"$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength';

/** Formats beside those that people use: one at least for each statement. */
const made: Readonly<Record<string, string>> = {
  'all is well': `{${base},${key},"extendedRequestId":"$context.extendedRequestId"}`,
  'no key': `{${base}}`,
  'no stage': `{"requestId":"$context.requestId","apiId":"$context.apiId",${key}}`,
  'no API': `{"requestId":"$context.requestId","stage":"$context.stage",${key}}`,
  'no request id': `{"apiId":"$context.apiId","stage":"$context.stage",${key}}`,
  'no name for the key': `{${base},"who":"$context.identity.apiKeyId"}`,
  'the key among other things': `{${base},"who":"key $context.identity.apiKeyId"}`,
  'the key nested elsewhere': `{${base},"who":{"id":"$context.identity.apiKeyId"}}`,
  'names that mislead': `{${base},${key},"ip":"$context.path","status":"$context.integration.status","uri":"$context.resourcePath"}`,
  'a key’s name for another value': `{${base},"apiKeyId":"$context.identity.userAgent","id":"$context.identity.apiKeyId"}`,
  'an authorizer’s value by a field’s name': `{${base},${key},"user":"$context.authorizer.tenant"}`,
  'a secret by a name of its own': `{${base},${key},"token":"$context.identity.apiKey"}`,
  'a secret in a list': `{${base},${key},"list":["a","$context.identity.apiKey"]}`,
  'a secret in JSON in a string': `{${base},${key},"m":"{\\"apiKey\\":\\"$context.identity.apiKey\\"}"}`,
  'a secret of a text format':
    '$context.requestId $context.identity.apiKey $context.apiId $context.stage',
  'a secret with a name in a text format':
    '$context.requestId apiKey=$context.identity.apiKey $context.stage',
  'a secret in an element':
    '<r><apiKey>$context.identity.apiKey</apiKey><id>$context.requestId</id></r>',
  'a secret in an element with an attribute':
    '<r><apiKey type="x">$context.identity.apiKey</apiKey><id>$context.requestId</id></r>',
  'a number without quotes': `{${base},${key},"status":$context.status,"latency":$context.integration.latency}`,
  'a message with its quotes in quotes': `{${base},${key},"message":"$context.error.messageString"}`,
  'a message with its quotes': `{${base},${key},"message":$context.error.messageString}`,
  'a missing comma': `{${base} ${key}}`,
  'quotes around': `'{${base},${key}}'`,
  'typographic quotes': `{${base},${key}}`.replace(/"([^"]*)"/g, '“$1”'),
  'escaped quotes': `{${base},${key}}`.replaceAll('"', '\\"'),
  'a typed line break': `{${base},${key}}\\n`,
  'a variable that does not exist': `{${base},${key},"ip":"$context.sourceIp"}`,
  'a variable that is misspelt': `{"requestId":"$context.requestId","apiId":"$context.apId","stage":"$context.stage",${key}}`,
  'a variable in a name': `{${base},${key},"$context.path":"x"}`,
  'a variable that nobody knows': `{${base},${key},"novelty":"$context.novelty"}`,
  'what is no variable': `{${base},${key},"body":"$input.body"}`,
  'a | behind a variable': '$context.requestId|$context.status|$context.stage',
  'a CLF with one thing more': `${clf} $context.requestId $context.integration.latency`,
  'a CLF with a key': `${clf} $context.requestId $context.identity.apiKeyId`,
  'a CLF with a message': `${clf.replace('resourcePath', 'routeKey').replace('$context.identity.caller $context.identity.user', '- -')} $context.requestId $context.error.message`,
  'a CSV of other values': clf
    .replace(/[[\]"]/g, '')
    .replaceAll(' ', ',')
    .replace('caller', 'apiKeyId'),
  'words of a routing rule':
    '$context.path $context.customDomain.routingRuleIdMatched $context.protocol $context.requestId $context.extendedRequestId',
  'several lines': `{${base},\n${key}}`,
  'no variable': '{"a":"b"}',
  'two variables side by side': '$context.requestId $context.status$context.path',
  'too long': `{${base},"x":"${'x'.repeat(3_072)}"}`,
};

const corpus: readonly (readonly [name: string, format: string])[] = [
  ...Object.entries(made),
  ...publicFormats.map(({ name, format }) => [name, format] as const),
  ...knownFormats.map(({ name, format }) => [`known: ${name}`, format] as const),
];

// biome-ignore lint/suspicious/noExplicitAny: documents of any shape are looked at.
type Document = any;

interface Delivered {
  readonly text: string;
  /** Undefined for a record that failed. */
  readonly document: Document | undefined;
}

const handlers = new Map<string, (content: string) => Promise<Delivered>>();

function handlerOf(output: Output, formats: readonly string[]) {
  const id = JSON.stringify([output, formats]);
  const settings = readSettings({
    OUTPUT: output,
    ...(formats.length > 0 ? { LOG_FORMATS: JSON.stringify(formats) } : {}),
  });
  const names = namesIn(settings.logFormats);
  const options = {
    catalogs: { latest: catalog, forKeys: async () => catalog },
    renderer: rendererFor(settings, {}, names),
    readOther: lineReader(settings.logFormats),
    names,
    maxInflatedBytes: settings.maxInflatedBytes,
  };
  const handle = async (content: string): Promise<Delivered> => {
    const { response } = await transform(firehoseEvent(content), options);
    const [record] = response.records;
    const text = record?.result === 'Ok' ? textOf(record) : '';
    return { text, document: text === '' ? undefined : JSON.parse(text.split('\n').at(-2) ?? '') };
  };
  handlers.set(id, handle);
  return handlers.get(id) as typeof handle;
}

const unconfigured = handlerOf('canonical', []);

/** API Gateway takes the lines of a format that it takes as they are; such a one can be configured. */
function isConfigurable(check: FormatCheck): boolean {
  return !check.findings.some(({ text }) => /^got /.test(text));
}

const plainLine = (format: string) => renderLine(format, usualValue);

/** As the format is; where nothing reads its lines so, as it is once it is configured. */
async function read(format: string, check: FormatCheck): Promise<Document> {
  const { document } = await unconfigured(plainLine(format));
  if (document || !isConfigurable(check)) return document;
  return (await handlerOf('canonical', [format])(plainLine(format))).document;
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

const columnOf = (variable: string) => fieldOfVariable(variable)?.column ?? '';

/** All texts of a document, those that it keeps under no column included. */
function leavesOf(value: Document): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.entries(value).flatMap(([name, one]) =>
    leavesOf(name === 'extra' ? JSON.parse(one as string) : one),
  );
}

function added(format: string, what: string): string {
  if (!what.startsWith('"')) return `${format} ${what}`;
  return format.trimEnd().replace(/\s*[}]((?:\\n)?)$/, (_, end: string) => `,${what}}${end}`);
}

/** What an attacker or a backend may choose, with quotes; everything else is AWS's own. */
const quotedValue = (variable: string) =>
  usualValue(variable) + (/userAgent$|^path$|[mM]essage$/.test(variable) ? ' "x" y' : '');

/** A WebSocket API's lines always have an event and a connection. */
const refusedValue = (variable: string) =>
  /^(eventType|connectionId)$/.test(variable)
    ? usualValue(variable)
    : (lineKinds['with dashes'] as typeof usualValue)(variable);

const withDashes = (format: string) =>
  renderLine(format, lineKinds['with dashes'] as typeof usualValue);

interface Said {
  readonly format: string;
  readonly check: FormatCheck;
  readonly match: RegExpExecArray;
}

type Proof = (said: Said) => void | Promise<void>;

async function expectRead(variable: string, format: string) {
  const check = checkFormat(format);
  const document = await read(format, check);
  // A format whose lines nothing reads for another reason is told so, too.
  if (document) expect(document[columnOf(variable)]).toBe(usualValue(variable));
  expect(check.lacks).not.toContain(variable);
}

const losing = /^no (customer|usage plan, which depends on the (?:API|stage)): /;
const variableOf: Readonly<Record<string, string>> = {
  customer: 'identity.apiKeyId',
  'usage plan, which depends on the API': 'apiId',
  'usage plan, which depends on the stage': 'stage',
};
const ending = String.raw`(?: \(HTTP APIs have no keys\))?$`;

/** By the beginning of what is said: what shows that it is so, and that what it advises helps. */
const statements: readonly (readonly [said: RegExp, proof: Proof])[] = [
  [
    new RegExp(`${losing.source}add (.*?)${ending}`),
    async ({ format, match: [, what = '', addition = ''] }) => {
      const variable = variableOf[what] as string;
      const { document } = await unconfigured(plainLine(format));
      expect(document?.[columnOf(variable)] ?? null).toBeNull();
      await expectRead(variable, added(format, addition));
    },
  ],
  [
    new RegExp(`${losing.source}rename "(.*)" to "(.*)"${ending}`),
    async ({ format, match: [, what = '', name = '', better = ''] }) => {
      const variable = `$context.${variableOf[what]}`;
      const { document } = await unconfigured(plainLine(format));
      expect(document?.[columnOf(variableOf[what] as string)]).not.toBe(
        usualValue(variable.slice(9)),
      );
      const own = name.split('.').at(-1);
      const renamed = format.replace(
        new RegExp(
          `"${own}"(\\s*:\\s*"?)${variable.replaceAll('.', '\\.').replace('$', '\\$')}(?![\\w.])`,
        ),
        (_, middle: string) => `"${better}"${middle}${variable}`,
      );
      expect(renamed).not.toBe(format);
      if (name.includes('.') || format.includes(`"${better}"`)) return;
      await expectRead(variableOf[what] as string, renamed);
    },
  ],
  [
    new RegExp(
      `${losing.source}move (\\S+) out of the value that it is part of, as "(.*)"${ending}`,
    ),
    async ({ format, match: [, what = '', variable = '', name = ''] }) => {
      const { document } = await unconfigured(plainLine(format));
      expect(document?.[columnOf(variableOf[what] as string)] ?? null).toBeNull();
      await expectRead(variableOf[what] as string, added(format, `"${name}":"${variable}"`));
    },
  ],
  [
    /^"(.*)" stands for \$context\.(\S+), not for \$context\.(\S+): call it (?:"(.*)"|otherwise)$/,
    async ({ format, match: [, name = '', taken = '', variable = '', better] }) => {
      const { document } = await unconfigured(plainLine(format));
      const column = document?.[columnOf(taken)];
      // A value that the column cannot hold stands among what else the line says, under this name.
      const others = JSON.parse(document?.extra ?? '{}');
      const value = usualValue(variable).replace(/^"(.*)"$/, '$1');
      expect([String(column), String(others[name])]).toContain(value);
      // A better name that the format has given away already is told of as well.
      if (better === undefined || name.includes('.') || format.includes(`"${better}"`)) return;
      const renamed = format.replace(
        new RegExp(
          `"${name}"(\\s*:\\s*"?\\$context\\.${variable.replaceAll('.', '\\.')})(?![\\w.])`,
        ),
        `"${better}"$1`,
      );
      expect(renamed).not.toBe(format);
      const said = checkFormat(renamed).findings.map(({ text }) => text);
      expect(said.some((text) => text.startsWith(`"${better}" stands for`))).toBe(false);
      const after = (await unconfigured(plainLine(renamed))).document;
      expect(String(after[columnOf(variable)])).toBe(value);
    },
  ],
  [
    /^not JSON and not known: its lines are read once logFormats has it \(cdk deploy -c logFormats='\["…"\]', or LOG_FORMATS\)$/,
    async ({ format, check }) => {
      for (const valueFor of Object.values(lineKinds)) {
        expect((await unconfigured(renderLine(format, valueFor))).document).toBeUndefined();
      }
      if (!isConfigurable(check)) return;
      const { document } = await handlerOf('canonical', [format])(plainLine(format));
      // Where values may be anything, a line with blanks in them may be refused, which is said beside.
      const mayBeRefused = check.findings.some(({ text }) =>
        text.startsWith('a line may be refused '),
      );
      if (!mayBeRefused) expect(document).toBeDefined();
    },
  ],
  [
    /^(some of )?its lines are taken for those of (.*?)(, wrongly: configure it| until it is configured)$/,
    ({ format, match: [, some, names = '', end] }) => {
      const values = [
        ...Object.values(lineKinds),
        ...variablesOf(format).map(
          (lacking) => (variable: string) => (variable === lacking ? '-' : usualValue(variable)),
        ),
      ];
      const found = values.map((valueFor) => ({
        valueFor,
        known: readByKnown(renderLine(format, valueFor)),
      }));
      const taken = found.flatMap(({ valueFor, known }) =>
        known && known.parsed !== 'ambiguous' ? [{ valueFor, ...known, read: known.parsed }] : [],
      );
      expect(taken.length).toBeGreaterThan(0);
      if (some) expect(taken.length).toBeLessThan(found.length);
      for (const one of taken) {
        for (const name of one.names) expect(names.split(', ')).toContain(name);
      }
      const own = variablesOf(format);
      const isWrong = taken.some(({ valueFor, read }) =>
        Array.from(read.values).some(
          ([variable, value]) =>
            !isNoValue(value) && !(own.includes(variable) && valueFor(variable) === value),
        ),
      );
      expect(isWrong).toBe(end?.includes('wrongly'));
    },
  ],
  [
    /^a line may be refused where the value of (.*) contains the text that follows it in the format: prefer JSON$/,
    async ({ format, check, match: [, list = ''] }) => {
      if (!isConfigurable(check)) return;
      const free = list.split(' or ').map((one) => one.slice('$context.'.length));
      const handle = handlerOf('canonical', [format]);
      // Words in such places, and whatever API Gateway makes itself in the others, are always read.
      for (const valueFor of [
        usualValue,
        refusedValue,
        lineKinds['with IPv6'] as typeof usualValue,
      ]) {
        const plain = (variable: string) =>
          free.includes(variable) ? usualValue(variable).replace(/\W/g, '') : valueFor(variable);
        expect((await handle(renderLine(format, plain))).document).toBeDefined();
      }
      const variables = variablesOf(format);
      const literals = format.split(/\$context\.[\w.]*\w/);
      for (const [index, variable] of variables.entries()) {
        if (!free.includes(variable) || fieldOfVariable(variable)?.secret) continue;
        const value = `x${literals[index + 1]}${usualValue(variables[index + 1] ?? variable)}`;
        const { document } = await handle(
          renderLine(format, (one) => (one === variable ? value : usualValue(one))),
        );
        if (document) expect(leavesOf(document)).toContain(value.trim());
      }
    },
  ],
  [
    /^nothing tells where (.*) ends: usual lines are refused, prefer JSON$/,
    async ({ format }) => {
      const handle = handlerOf('canonical', [format]);
      expect((await handle(plainLine(format))).document).toBeUndefined();
    },
  ],
  [
    /^put (.*) in quotes: where there is no value, a mere - breaks the JSON$/,
    ({ format, match: [, list = ''] }) => {
      const bare = list.split(', ');
      const dash = (variable: string) =>
        bare.includes(`$context.${variable}`) ? '-' : usualValue(variable);
      expect(isJson(renderLine(format, dash))).toBe(false);
      const quoted = format.replace(
        /(:\s*)(\$context\.[\w.]*\w)(?!["\w.])/g,
        (whole, before, name) => (bare.includes(name) ? `${before}"${name}"` : whole),
      );
      const said = checkFormat(quoted).findings.map(({ text }) => text);
      expect(said.some((text) => text.includes('a mere - breaks'))).toBe(false);
    },
  ],
  [
    /^\$context\.error\.messageString brings its own quotes: log "\$context\.error\.message" instead$/,
    ({ format }) => {
      expect(isJson(plainLine(format))).toBe(false);
      const written = format.replaceAll('messageString', 'message');
      expect(
        checkFormat(written)
          .findings.map(({ text }) => text)
          .join(),
      ).not.toContain('own quotes');
    },
  ],
  [
    /^without a message, \$context\.error\.messageString may be a mere -: log "\$context\.error\.message" instead$/,
    ({ format }) => expect(isJson(withDashes(format))).toBe(false),
  ],
  [
    /^it begins like JSON and is none: look at quotes and commas$/,
    ({ format }) => {
      const line = plainLine(format);
      expect([line.trim()[0], isJson(line)]).toEqual(['{', false]);
    },
  ],
  [
    /^there are quotes around the whole format, which every line then has: leave them out$/,
    ({ format }) => {
      expect(isJson(plainLine(format))).toBe(false);
      expect(isJson(plainLine(format.slice(1, -1)))).toBe(true);
    },
  ],
  [
    /^use straight quotes \("\) for typographic ones \(“ ”\): lines are no JSON$/,
    ({ format }) => {
      expect(isJson(plainLine(format))).toBe(false);
      expect(isJson(plainLine(format.replace(/[“”]/g, '"')))).toBe(true);
    },
  ],
  [
    /^leave out the backslashes before quotes: they are written as they are$/,
    ({ format }) => {
      expect(plainLine(format)).toContain('\\"');
      expect(isJson(plainLine(format))).toBe(false);
      expect(isJson(plainLine(format.replaceAll('\\"', '"')))).toBe(true);
    },
  ],
  [
    /^a \\n that is typed into the console is two characters at the end of each line$/,
    async ({ format, check }) => {
      expect(plainLine(format)).toMatch(/\\[nr]$/);
      expect(await read(format, check)).toBeDefined();
    },
  ],
  [
    /^there is no \$context\.(\S+): write \$context\.(\S+)$/,
    ({ format, match: [, wrong = '', right = ''] }) => {
      expect([fieldOfVariable(wrong), fieldOfVariable(right)?.variable]).toEqual([
        undefined,
        right,
      ]);
      const written = format.replaceAll(
        new RegExp(`\\$context\\.${wrong}(?![\\w.])`, 'g'),
        `$context.${right}`,
      );
      expect(
        checkFormat(written)
          .findings.map(({ text }) => text)
          .join(),
      ).not.toContain('there is no');
    },
  ],
  [
    /^\$context\.(\S+) is not known here: did you mean \$context\.(\S+)\?$/,
    ({ format, match: [, wrong = '', right = ''] }) => {
      expect([fieldOfVariable(wrong), fieldOfVariable(right)?.variable]).toEqual([
        undefined,
        right,
      ]);
      expect(format).toContain(`$context.${wrong}`);
    },
  ],
  [
    /^\$context\.(\S+) is not known here: it is delivered as it is written$/,
    async ({ format, check, match: [, variable = ''] }) => {
      expect(JSON.stringify(await read(format, check))).toContain(usualValue(variable));
    },
  ],
  [
    /^an access log can have \$context variables only: (\S+) is none$/,
    ({ format, match: [, reference = ''] }) => {
      expect(variablesOf(format).map((variable) => `$context.${variable}`)).not.toContain(
        reference,
      );
      expect(plainLine(format)).toContain(reference);
    },
  ],
  [
    /^\$context\.identity\.apiKey is a live credential, which every reader of the log gets: leave it out, the key's id is enough$/,
    ({ format }) => expect(plainLine(format)).toContain(SECRET),
  ],
  [
    /^nothing tells where \$context\.identity\.apiKey stands: it goes out in clear as long as the format is not configured$/,
    ({ check }) => expect(check.exposesKeyValues).toBe(true),
  ],
  // What API Gateway itself takes and asks for: nothing that a line shows.
  [
    /^AWS advises to log both request ids: add (\$context\.\S+)$/,
    ({ format, match: [, variable = ''] }) => {
      expect(format).not.toMatch(new RegExp(`\\${variable}(?![\\w.])`));
    },
  ],
  [
    /^API Gateway asks for \$context\.requestId or \$context\.extendedRequestId: add both$/,
    ({ format }) => expect(format).not.toMatch(/\$context\.(requestId|extendedRequestId)(?![\w.])/),
  ],
  [
    /^put something before each \|: an HTTP API takes a \| behind a variable for a part of its name, and refuses the format$/,
    ({ format }) => expect(format).toMatch(/\$context\.[\w.]+\|/),
  ],
  [/^got (.*), expected (.*)$/s, ({ format }) => void expect(() => lineReader([format])).toThrow()],
];

const exercised = new Set<RegExp>();

describe.each(corpus)('%s', (_, format) => {
  const check = checkFormat(format);

  test('has the notation that is said', () => {
    const line = plainLine(format.replace(/\s*\n\s*/g, ' ').replace(/\\n$/, ''));
    const looksJson = isJson(line.replace(/[“”]/g, '"'));

    if (check.notation === 'json' && !/messageString/.test(format)) {
      // Values without quotes need not be numbers.
      const bare = /:\s*\$context/.test(format);
      if (!bare) expect(looksJson).toBe(true);
    }
    if (check.notation !== 'json') expect(looksJson).toBe(false);
  });

  test('tells of customer and plan what is said, and lacks what is said', async () => {
    const document = await read(format, check);
    if (!document) return;
    const { customer, usagePlan } = check.attribution;

    expect([document.customer_name, document.usage_plan]).toEqual([
      customer ? 'Acme GmbH' : null,
      usagePlan ? 'Gold' : null,
    ]);
    for (const variable of ['identity.apiKeyId', 'apiId', 'stage']) {
      const isTold = document[columnOf(variable)] === usualValue(variable);
      expect([variable, check.lacks.includes(variable)]).toEqual([variable, !isTold]);
    }
  });

  test.each(outputs)('gives the key’s value away only if that is said (%s)', async (output) => {
    const line = plainLine(format);
    const lines = [line, line.slice(0, -1), `${line.slice(0, -1)}"x"y${line.slice(-1)}`];
    // Beside one that can be read, so that the record does not fail.
    const contents = [line, ...lines.map((one) => `{"stage":"prod"}\n${one}\n`)];
    const texts = async (formats: readonly string[]) => {
      const handle = handlerOf(output, formats);
      const delivered = [];
      for (const content of contents) delivered.push((await handle(content)).text);
      return delivered.join('');
    };

    expect((await texts([])).includes(SECRET)).toBe(check.exposesKeyValues);
    if (isConfigurable(check)) expect(await texts([format])).not.toContain(SECRET);
  });

  test('is rescued where a value breaks the line, if it is said to be known', async () => {
    if (check.knownAs.length === 0) return;
    for (const valueFor of [usualValue, quotedValue]) {
      const known = readByKnown(renderLine(format, valueFor));
      // A single word or a version is what a message of this format never is.
      if (known === undefined) expect(format).toMatch(/integrationErrorMessage|routingRule/);
      else if (known.parsed !== 'ambiguous') {
        expect(check.knownAs.some((name) => known.names.includes(name))).toBe(true);
      }
    }
  });

  test('is as every single statement says', async () => {
    for (const { text } of check.findings) {
      const found = statements.flatMap(([said, proof]) => {
        const match = said.exec(text);
        return match ? [{ said, proof, match }] : [];
      });
      expect([text, found.length]).toEqual([text, 1]);
      for (const { said, proof, match } of found) {
        exercised.add(said);
        try {
          await proof({ format, check, match });
        } catch (error) {
          throw new Error(`${text}\n${format}\n${(error as Error).message}`);
        }
      }
    }
  });
});

test('each kind of statement was made', () => {
  expect(statements.filter(([said]) => !exercised.has(said)).map(([said]) => said.source)).toEqual(
    [],
  );
});
