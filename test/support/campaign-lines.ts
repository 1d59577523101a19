/**
 * Random log lines with what must become of them. They are told by what they were made from: this shares
 * no code with the reader.
 */

export interface Random {
  next(below: number): number;
  pick<T>(all: readonly T[]): T;
  chance(share: number): boolean;
}

export const apis = ['api1', 'api2', 'api3'];
export const stages = ['prod', 'beta'];
const keyIds = Array.from({ length: 40 }, (_, index) => `key${index}`);
/** Pairs of API and stage: one plan each, the last pair has none. */
const pairs = apis.flatMap((apiId) => stages.map((stage) => ({ apiId, stage })));

export const plans = pairs.slice(0, -1).map((apiStage, index) => ({
  id: `p${index}`,
  name: `Plan "${index}" é`,
  apiStages: [apiStage],
  keys: keyIds.filter((_, key) => (key + index) % 3 > 0).map((id) => ({ id, name: `of ${id}` })),
}));

export interface Made {
  readonly text: string;
  /** `either` where a value looks like a part of its format: read right, or not at all. */
  readonly fate: 'read' | 'refused' | 'either';
  readonly plan: string;
  readonly customer: string;
  /** The part of an API key's value that must not get out; empty where there is none. */
  readonly secret: string;
  /** As `verbatim` delivers it, without what is appended; of a line that is JSON. */
  readonly delivered?: string;
  /** By canonical column; of a line that is none. */
  readonly columns?: Readonly<Record<string, string>>;
  /** The members that no column has room for, as the text of an object. */
  readonly others?: string;
}

/** Makes lines of one format. */
export type LineMaker = () => Made;

/** Formats that a function is configured with. */
export interface Setup {
  readonly formats: readonly string[];
  /** Makers of lines that such a function reads beside those of no configured format. */
  readonly makers: readonly ((random: Random) => LineMaker)[];
}

interface Caller {
  readonly key: string;
  readonly api: string;
  readonly stage: string;
}

const said = (value: string) => (value === '' ? '-' : value);

function attributionOf({ key, api, stage }: Caller) {
  const isOf = ({ keys }: (typeof plans)[number]) => keys.some(({ id }) => id === key);
  const plan = plans.find((one) => {
    const [apiStage] = one.apiStages;
    return isOf(one) && apiStage?.apiId === api && apiStage.stage === stage;
  });
  return { plan: plan?.name ?? '-', customer: plans.some(isOf) ? `of ${key}` : '-' };
}

function caller({ pick, chance, next }: Random): Caller {
  const known = chance(0.06) ? `unknown${next(99)}` : pick(keyIds);
  return { key: chance(0.06) ? '-' : known, api: pick(apis), stage: pick(stages) };
}

const secretLetters = [...'abcdefghjkmnpqrstuvwxyz'];

function secretText({ pick }: Random): string {
  return Array.from({ length: 24 }, () => pick(secretLetters)).join('');
}

const masked = (secret: string) => `****${secret.slice(-4)}`;

type Member = readonly [name: string, value: () => string];

/** JSON with names as formats spell them, among any others. */
function tableLines(random: Random): LineMaker {
  const { next, pick, chance } = random;
  const others = Array.from({ length: next(12) }, (): Member => {
    return [
      `"${pick(['f', 'x-y', 'a b', 'n.', 'é', 'q\\"'])}${next(30)}"`,
      () => otherToken(random),
    ];
  });
  const unique = [...new Map(others).entries()];
  const gap = pick(['', '', '', ' ', '\t']);
  const key = () => {
    if (chance(0.06)) return pick(['"-"', '""', 'null']);
    return chance(0.06) ? `"unknown${next(99)}"` : `"${pick(keyIds)}"`;
  };
  const own: Member[] = [
    [pick(['"apiKeyId"', '"key_id"', '"identity.apiKeyId"', '"api_key_id"', 'nested']), key],
    [pick(['"apiId"', '"api_id"', '"api-id"', '"ApiId"']), () => `"${pick(apis)}"`],
    [pick(['"stage"', '"Stage"']), () => `"${pick(stages)}"`],
  ];
  if (chance(0.3)) {
    const name = pick(['"api_key"', '"identity.apiKey"', '"x-api-key"']);
    own.push([name, () => `"${secretText(random)}"`]);
  }
  const members = shuffled([...unique, ...own.filter(() => !chance(0.03))], random);
  const isPretty = chance(0.1);
  // Another shape, but for a character of one name.
  const renamed = members.findIndex(([name]) => /\d"$/.test(name));
  const sibling = members.map(
    ([name, value], at): Member =>
      at === renamed ? [name.replace(/\d"$/, '_"'), value] : [name, value],
  );
  const shapes = chance(0.3) ? [members, sibling] : [members];
  return () => {
    const shape = pick(shapes);
    let values: Record<string, string> = {};
    const tokens = shape.map(([name, value]) => {
      const token = value();
      values = { ...values, [name]: token };
      const isNested = name === 'nested';
      const plainName = isNested ? 'apikeyid' : name.toLowerCase().replace(/[^a-z]/g, '');
      const ownName = plainName.replace('identity', '').replace(/^key/, 'apikey');
      values = { ...values, [ownName]: token };
      return isNested
        ? `"context":{"identity":{"a":1,"apiKeyId":${token}}}`
        : `${gap}${name}${gap}:${gap}${token}`;
    });
    const line = isPretty && tokens.length > 0 ? `{\n  ${tokens.join(',\n  ')}\n}` : `{${tokens}}`;
    const textOf = (name: string) => (JSON.parse(values[name] ?? 'null') as string | null) ?? '-';
    const secret = said(textOf('apikey')) === '-' ? textOf('xapikey') : textOf('apikey');
    const from = { key: textOf('apikeyid'), api: textOf('apiid'), stage: textOf('stage') };
    const others = shape.flatMap(([name]) => {
      const isOwn = own.some(([ownName]) => ownName === name);
      return isOwn ? [] : [`${name}:${values[name]}`];
    });
    return { ...madeOfJson(line, secret === '-' ? '' : secret, from), others: `{${others}}` };
  };
}

function madeOfJson(text: string, secret: string, from: Caller): Made {
  return {
    text,
    fate: 'read',
    ...attributionOf(from),
    secret: secret.slice(0, -4),
    // A break between tokens becomes a blank, so that a line is one.
    delivered: (secret ? text.replace(secret, masked(secret)) : text).replaceAll('\n', ' '),
  };
}

function otherToken({ next, pick, chance }: Random): string {
  const scalars = ['null', 'true', 'false', '0', '-1.5', '1e3', '200', '"-"', '""'];
  const texts = [
    ...[`"é${next(99)}"`, '"a\\"}{b"', '"\\\\"', '"\\u00e9\\n"', `"${next(99_999)}"`],
    ...['"{\\"apiKeyId\\":\\"key1\\"}"', '"like Gecko \\"x\\""'],
  ];
  const nested = ['{}', '[]', `[1,{"b":"}]"}]`, `{"c":{"d":[${next(9)},null]}}`];
  return pick(chance(0.5) ? texts : chance(0.8) ? scalars : nested);
}

function shuffled<T>(all: readonly T[], { next }: Random): T[] {
  const mixed = [...all];
  for (let at = mixed.length - 1; at > 0; at--) {
    const to = next(at + 1);
    [mixed[at], mixed[to]] = [mixed[to] as T, mixed[at] as T];
  }
  return mixed;
}

/** A line that broke off, or that a value has broken: nothing can read it. */
function damagedLines(random: Random): LineMaker {
  const make = tableLines(random);
  const { pick, next } = random;
  return () => {
    const { text, secret } = make();
    const line = text.replaceAll('\n', ' ');
    const cut = line.slice(0, 1 + next(line.length - 1)).replace(/[{[:,\s\\]+$/, '');
    const damaged = pick([
      `${cut || '{x'}x`,
      `${line.slice(0, -1)}${line.length > 2 ? ',' : ''}"userAgent":"x"y"}`,
      `x${line}`,
      `${line.slice(0, -1)}}}`,
      line.replace('{', '{"apiKeyId":"key1"'),
    ]);
    return { text: damaged, fate: 'refused', plan: '-', customer: '-', secret };
  };
}

/** A format by whose variables, and no names of the table, lines say who called. */
function configuredLines(
  memberOf: (caller: Caller, secret: string, text: string) => readonly string[],
): (random: Random) => LineMaker {
  return (random) => {
    const { next, pick, chance } = random;
    const order = shuffled([...Array(16).keys()], random);
    const hasMore = chance(0.3);
    return () => {
      const from = caller(random);
      const secret = secretText(random);
      const members = memberOf(from, secret, pick(['curl', 'é', 'a b', '-']));
      const all = [...members, ...(hasMore ? [`"z${next(3)}":${otherToken(random)}`] : [])];
      const sorted = all.map((_, at) => order.filter((one) => one < all.length)[at] as number);
      return madeOfJson(`{${sorted.map((at) => all[at]).join(',')}}`, secret, from);
    };
  };
}

const variable = (name: string) => `$context.${name}`;

const flatMembers = ({ key, api, stage }: Caller, secret: string, text: string) => [
  `"k":"${secret}"`,
  `"id":"${key}"`,
  `"where":"${api}"`,
  `"env":"${stage}"`,
  // By the table's names they would tell another caller.
  `"apiKeyId":"key1"`,
  `"stage":"${text}"`,
];
const nestedMembers = ({ key, api, stage }: Caller, secret: string, text: string) => [
  `"who":{"id":"${key}","token":"${secret}"}`,
  `"at":{"api":"${api}","st":"${stage}"}`,
  `"ua":"${text}"`,
];

const flat = `{${flatMembers(
  { key: variable('identity.apiKeyId'), api: variable('apiId'), stage: variable('stage') },
  variable('identity.apiKey'),
  variable('identity.userAgent'),
)
  .join(',')
  .replace('key1', variable('requestId'))}}`;
const nested = `{${nestedMembers(
  { key: variable('identity.apiKeyId'), api: variable('apiId'), stage: variable('stage') },
  variable('identity.apiKey'),
  variable('identity.userAgent'),
)}}`;

/** By canonical column, the names of the variables in text formats. */
const columnsByVariable: Readonly<Record<string, string>> = {
  'identity.apiKeyId': 'api_key_id',
  apiId: 'api_id',
  stage: 'stage',
  status: 'status',
  'identity.userAgent': 'user_agent',
  requestId: 'request_id',
  resourcePath: 'resource_path',
  'error.message': 'error_message',
};

const agents = ['curl/8.5.0', 'Mozilla/5.0 (X11; é)', '-', 'a, b; c=d', '犬😀'];
/** What a client writes who would be another caller: pieces of the format, or all that comes next. */
function hostile(format: string, { pick, next, chance }: Random): string {
  const literals = format.split(/\$context\.[\w.]*\w/);
  const pieces = [...literals, '"', ' ', 'key7', 'x', ',', '}'];
  if (chance(0.5)) return Array.from({ length: 1 + next(4) }, () => pick(pieces)).join('');
  const variables = Array.from(format.matchAll(/\$context\.([\w.]*\w)/g), ([, name = '']) => name);
  const others: Record<string, string> = {
    'identity.apiKeyId': 'key7',
    apiId: 'api1',
    stage: 'prod',
    status: '200',
    httpMethod: 'GET',
    resourcePath: '/',
  };
  let text = 'x';
  for (let at = variables.indexOf('identity.userAgent') + 1; at < literals.length; at++) {
    text += literals[at] + (others[variables[at] ?? ''] ?? 'y');
  }
  return text;
}

/** Lines of a format that is no JSON. */
function textLines(format: string): (random: Random) => LineMaker {
  return (random) => {
    const { next, pick, chance } = random;
    return () => {
      const from = caller(random);
      const secret = secretText(random);
      const isHostile = chance(0.1);
      const values: Record<string, string> = {
        'identity.apiKeyId': from.key,
        'identity.apiKey': secret,
        apiId: from.api,
        stage: from.stage,
        status: pick(['200', '403', '503']),
        requestId: `82f3e9c6-95dc-4b8d-ab11-${100_000_000_000 + next(1e9)}`,
        extendedRequestId: 'EP5p3HZtIAMErBw=',
        requestTime: `0${1 + next(9)}/Jun/2023:10:11:12 +0000`,
        'identity.sourceIp': pick(['203.0.113.7', '2001:db8::7']),
        'identity.userAgent': isHostile ? hostile(format, random) : pick(agents),
        'error.message': pick(['Forbidden', 'Internal server error', '-']),
        'identity.caller': '-',
        'identity.user': '-',
        httpMethod: pick(['GET', 'POST']),
        resourcePath: pick(['/pets/{id}', '/']),
        protocol: 'HTTP/1.1',
        responseLength: String(next(9_999)),
      };
      const variables = Array.from(
        format.matchAll(/\$context\.([\w.]*\w)/g),
        ([, name = '']) => name,
      );
      const text = format.replace(
        /\$context\.([\w.]*\w)/g,
        (_, name: string) => values[name] as string,
      );
      const tells = variables.includes('identity.apiKeyId');
      return {
        text,
        fate: isHostile ? 'either' : 'read',
        ...(tells ? attributionOf(from) : { plan: '-', customer: '-' }),
        secret: variables.includes('identity.apiKey') ? secret.slice(0, -4) : '',
        columns: Object.fromEntries(
          variables.flatMap((name) => {
            const column = columnsByVariable[name];
            const value = values[name] as string;
            // What looks like a key's value in it is masked, too.
            return column && !/apiKey=/.test(value) ? [[column, value]] : [];
          }),
        ),
      };
    };
  };
}

/** As AWS documents it: read by any function. */
const clf =
  '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime]' +
  '"$context.httpMethod $context.resourcePath $context.protocol" $context.status ' +
  '$context.responseLength $context.requestId $context.extendedRequestId';
const csv = clf.replace(/\]?"/g, ' ').replaceAll('[', '').trim().replace(/ +/g, ',');

const ownClf =
  '$context.identity.sourceIp [$context.requestTime] "$context.identity.userAgent" ' +
  '"$context.httpMethod $context.resourcePath" $context.status $context.identity.apiKeyId ' +
  '$context.apiId $context.stage "$context.error.message"';
const ownCsv =
  '"$context.requestId","$context.identity.userAgent","$context.identity.apiKeyId",' +
  '"$context.apiId","$context.stage",$context.status,"$context.error.message"';
const ownXml =
  '<r><id>$context.requestId</id><who>$context.identity.apiKeyId</who><api>$context.apiId</api>' +
  '<stage>$context.stage</stage><status>$context.status</status>' +
  '<agent>$context.identity.userAgent</agent></r>';
const ownPairs =
  'id=$context.requestId apiKey=$context.identity.apiKey who=$context.identity.apiKeyId ' +
  'api=$context.apiId stage=$context.stage agent="$context.identity.userAgent"';

const always = [tableLines, tableLines, tableLines, damagedLines, textLines(clf), textLines(csv)];

/** What a function may be configured with, and the lines that it gets then. */
export const setups: readonly Setup[] = [
  { formats: [], makers: always },
  {
    formats: [flat],
    makers: [...always, configuredLines(flatMembers), configuredLines(flatMembers)],
  },
  { formats: [nested], makers: [...always, configuredLines(nestedMembers)] },
  {
    formats: [ownClf, ownCsv, ownXml],
    makers: [...always, textLines(ownClf), textLines(ownCsv), textLines(ownXml)],
  },
  {
    formats: [flat, ownCsv, nested],
    makers: [
      ...always,
      configuredLines(flatMembers),
      configuredLines(nestedMembers),
      textLines(ownCsv),
    ],
  },
  // Where a secret stands in a text format, long words of what cannot be read are masked.
  {
    formats: [ownPairs],
    makers: [tableLines, tableLines, textLines(ownPairs), textLines(ownPairs)],
  },
];
