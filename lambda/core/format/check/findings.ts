/** What is wrong with a log format, and what to do about it. */

import { type Field, fieldOfVariable, fields, namesOf } from '../../fields';
import { nearest } from '../../nearest';
import type { ApiType } from '../known/log-format';
import type { Template } from '../template';
import { type FormatMember, isSaid } from './members';

export interface Finding {
  /** A hint keeps no line from being read and attributed. */
  readonly level: 'problem' | 'hint';
  readonly text: string;
}

export const problem = (text: string): Finding => ({ level: 'problem', text });
export const hint = (text: string): Finding => ({ level: 'hint', text });

export interface CheckedFormat {
  readonly line: string;
  /** Blanks and breaks after it. */
  readonly ending: string;
  readonly variables: readonly string[];
  readonly template: Template;
  readonly members: readonly FormatMember[];
  /** The one that is known, else those of the known formats that it is. */
  readonly apiTypes: ReadonlySet<ApiType>;
  /** Whether an API key's value stands where nothing names it as one. */
  readonly isExposed: boolean;
}

export function findingsOf(format: CheckedFormat): readonly Finding[] {
  if (format.variables.length === 0) return [];
  return checks.flatMap((check) => check(format));
}

const checks: readonly ((format: CheckedFormat) => Finding[])[] = [
  requestIds,
  unknownVariables,
  otherReferences,
  attribution,
  misleadingNames,
  secrets,
  quoting,
  spelling,
];

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html */
function requestIds({ variables }: CheckedFormat): Finding[] {
  const meant = variables.map((variable) => correctionOf(variable)?.variable ?? variable);
  const missing = ['requestId', 'extendedRequestId'].filter((id) => !meant.includes(id));
  if (missing.length === 2) {
    return [
      problem('API Gateway asks for $context.requestId or $context.extendedRequestId: add both'),
    ];
  }
  return missing.map((id) => hint(`AWS advises to log both request ids: add $context.${id}`));
}

function unknownVariables({ variables }: CheckedFormat): Finding[] {
  return [...new Set(variables)].filter(isUnknown).map((variable) => {
    const correction = correctionOf(variable);
    if (!correction) {
      return hint(`$context.${variable} is not known here: it is delivered as it is written`);
    }
    const right = `$context.${correction.variable}`;
    return problem(
      correction.isCertain
        ? `there is no $context.${variable}: write ${right}`
        : `$context.${variable} is not known here: did you mean ${right}?`,
    );
  });
}

function isUnknown(variable: string): boolean {
  return !fieldOfVariable(variable) && !/^(authorizer|\w+Override)\./.test(variable);
}

interface Correction {
  readonly variable: string;
  /** Only its case, or where it stands, is wrong: no other variable can be meant. */
  readonly isCertain: boolean;
}

/** The variable that one that there is not was meant to be. */
function correctionOf(variable: string): Correction | undefined {
  if (!isUnknown(variable)) return undefined;
  const names = fields.map((field) => field.variable);
  const same = names.find((name) => lastPart(name) === lastPart(variable));
  if (same !== undefined) return { variable: same, isCertain: true };
  const parent = parentOf(variable);
  const siblings = names.filter((name) => parentOf(name) === parent).map(lastPart);
  const similar = nearest(lastPart(variable), siblings);
  const found = names.find((name) => parentOf(name) === parent && lastPart(name) === similar);
  return found === undefined ? undefined : { variable: found, isCertain: false };
}

function lastPart(variable: string): string {
  return variable.slice(variable.lastIndexOf('.') + 1).toLowerCase();
}

function parentOf(variable: string): string {
  return variable.slice(0, variable.lastIndexOf('.') + 1);
}

function otherReferences({ line }: CheckedFormat): Finding[] {
  const references = line.match(/\$(?!context\.\w)\{?[A-Za-z][\w.]*\}?/g) ?? [];
  return [...new Set(references)].map((reference) =>
    problem(`an access log can have $context variables only: ${reference} is none`),
  );
}

function attribution(format: CheckedFormat): Finding[] {
  const finding = mayBeOfHttpApi(format) ? hint : problem;
  const misspelt = format.variables.map((variable) => correctionOf(variable)?.variable);
  return losses.flatMap(([variable, loss]) => {
    // What is misspelt has its finding already.
    if (isSaid(format.members, variable) || misspelt.includes(variable)) return [];
    const field = fieldOfVariable(variable) as Field;
    const member = format.members.find((one) => one.variable === variable);
    const advice = member ? renaming(member, field) : adding(format, field);
    return finding(`${loss}: ${advice}${variable === KEY_ID ? withoutKeys(format) : ''}`);
  });
}

const KEY_ID = 'identity.apiKeyId';

const losses = [
  [KEY_ID, 'no customer'],
  ['apiId', 'no usage plan, which depends on the API'],
  ['stage', 'no usage plan, which depends on the stage'],
] as const;

/** The finding for a format that may be of an HTTP API, which has no API keys. */
function withoutKeys({ apiTypes }: CheckedFormat): string {
  return apiTypes.size === 0 || apiTypes.has('HTTP') ? ' (HTTP APIs have no keys)' : '';
}

/** What a line must have to be attributed. */
export const decidingVariables: readonly string[] = losses.map(([variable]) => variable);

/**
 * An HTTP API has no keys, so that its format lacks nothing. No format proves that it is of one: AWS's
 * own samples log a route key for REST APIs. But one that is known as such, or has what only HTTP APIs
 * document, may well be.
 */
function mayBeOfHttpApi({ apiTypes, variables }: CheckedFormat): boolean {
  if (apiTypes.size > 0) return apiTypes.size === 1 && apiTypes.has('HTTP');
  const ofOthers =
    /^(waf|identity\.apiKey|wafResponseCode|webaclArn|resourceId|xrayTraceId|eventType)/;
  return variables.includes('dataProcessed') && !variables.some((one) => ofOthers.test(one));
}

function renaming({ variable, name }: FormatMember, field: Field): string {
  const best = bestName(field);
  return name === undefined
    ? `move $context.${variable} out of the value that it is part of, as "${best}"`
    : `rename "${name}" to "${best}"`;
}

function adding({ template }: CheckedFormat, field: Field): string {
  const variable = `$context.${field.variable}`;
  return template.notation === 'json'
    ? `add "${bestName(field)}":"${variable}"`
    : `add ${variable}`;
}

/** As the formats of API Gateway's own documentation would. */
function bestName(field: Field): string {
  return field.names[0] ?? field.column;
}

function misleadingNames({ members }: CheckedFormat): Finding[] {
  return members.flatMap(({ variable, name, tells }) => {
    const isTime = [variable, tells].every((one) => one?.startsWith('requestTime'));
    if (name === undefined || tells === undefined || tells === variable || isTime) return [];
    // What is misspelt has its finding already.
    if (correctionOf(variable)) return [];
    const own = fieldOfVariable(variable);
    // Two variables that AWS documents as equal have one column: nothing is misread.
    if (own && own.column === fieldOfVariable(tells)?.column) return [];
    if (own && namesOf(own).includes(name)) return [];
    const advice = own ? `call it "${bestName(own)}"` : 'call it otherwise';
    return [
      problem(`"${name}" stands for $context.${tells}, not for $context.${variable}: ${advice}`),
    ];
  });
}

function secrets({ variables, members, isExposed }: CheckedFormat): Finding[] {
  const [exposed] = isExposed ? members.filter((member) => member.isExposed) : [];
  const found = [...new Set(variables)].filter((variable) => fieldOfVariable(variable)?.secret);
  const exposure = exposed
    ? [
        problem(
          `nothing tells where $context.${exposed.variable} stands: it goes out in clear as long as the format is not configured`,
        ),
      ]
    : [];
  const credentials = found.map((variable) =>
    problem(
      `$context.${variable} is a live credential, which every reader of the log gets: leave it out, the key's id is enough`,
    ),
  );
  return [...credentials, ...exposure];
}

function quoting({ line, template }: CheckedFormat): Finding[] {
  if (template.notation !== 'json') {
    if (/^(['"`])[{<$].*\1$/.test(line)) {
      return [
        problem(
          'there are quotes around the whole format, which every line then has: leave them out',
        ),
      ];
    }
    const isMeantAsJson = line.startsWith('{');
    return isMeantAsJson
      ? [problem('it begins like JSON and is none: look at quotes and commas')]
      : [];
  }
  const slots = template.slots.flatMap((slot) => slot ?? []);
  const bare = slots.filter(({ isQuoted }) => !isQuoted).map(({ variable }) => variable);
  const numbers = bare.filter((variable) => variable !== messageString);
  const findings: Finding[] = [];
  if (numbers.length > 0) {
    const list = numbers.map((variable) => `$context.${variable}`).join(', ');
    findings.push(
      problem(`put ${list} in quotes: where there is no value, a mere - breaks the JSON`),
    );
  }
  if (bare.includes(messageString)) {
    findings.push(hint(`without a message, $context.${messageString} may be a mere -: ${instead}`));
  } else if (slots.some(({ variable }) => variable === messageString)) {
    findings.push(problem(`$context.${messageString} brings its own quotes: ${instead}`));
  }
  return findings;
}

const messageString = 'error.messageString';
const instead = 'log "$context.error.message" instead';

function spelling({ line, ending, template }: CheckedFormat): Finding[] {
  const findings: Finding[] = [];
  if (/[“”]/.test(line)) {
    findings.push(problem('use straight quotes (") for typographic ones (“ ”): lines are no JSON'));
  }
  if (/\$context[\w.]*\w\|/.test(line)) {
    findings.push(
      problem(
        'put something before each |: an HTTP API takes a | behind a variable for a part of its name, and refuses the format',
      ),
    );
  }
  // In JSON they are as they should be: a string may hold quotes.
  if (template.notation !== 'json' && /\\["']/.test(line)) {
    findings.push(problem('leave out the backslashes before quotes: they are written as they are'));
  }
  if (/\\[nr]/.test(ending)) {
    findings.push(
      hint('a \\n that is typed into the console is two characters at the end of each line'),
    );
  }
  return findings;
}
