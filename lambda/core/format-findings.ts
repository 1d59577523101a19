/** What is to be said against a log format, and what to do about it. */

import { type Field, fieldNamed, fieldOfVariable, fields, namesOf } from './fields';
import type { FormatMember } from './format-members';
import type { Template } from './format-template';
import type { ApiType } from './formats-to-paste';

export interface Finding {
  /** A hint keeps no line from being read and attributed. */
  readonly level: 'problem' | 'hint';
  readonly text: string;
}

export const problem = (text: string): Finding => ({ level: 'problem', text });
export const hint = (text: string): Finding => ({ level: 'hint', text });

export interface CheckedFormat {
  readonly line: string;
  /** Blanks and breaks behind it. */
  readonly ending: string;
  readonly variables: readonly string[];
  readonly template: Template;
  readonly members: readonly FormatMember[];
  /** Where it is known. */
  readonly apiType: ApiType | undefined;
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
  const missing = ['requestId', 'extendedRequestId'].filter((id) => !variables.includes(id));
  if (missing.length === 2) {
    return [
      problem('API Gateway asks for $context.requestId or $context.extendedRequestId: add both'),
    ];
  }
  return missing.map((id) => hint(`AWS advises to log both request ids: add $context.${id}`));
}

function unknownVariables({ variables }: CheckedFormat): Finding[] {
  const unknown = [...new Set(variables)].filter(
    (variable) => !fieldOfVariable(variable) && !/^(authorizer|\w+Override)\./.test(variable),
  );
  return unknown.map((variable) => {
    const [similar] = fields.filter((field) => lastPart(field.variable) === lastPart(variable));
    const advice = similar ? `: is it $context.${similar.variable}?` : '';
    return problem(`$context.${variable} is none of the variables that are known${advice}`);
  });
}

function lastPart(variable: string): string | undefined {
  return variable.split('.').at(-1)?.toLowerCase();
}

function otherReferences({ line }: CheckedFormat): Finding[] {
  const references = line.match(/\$(?!context\.\w)\{?[A-Za-z][\w.]*\}?/g) ?? [];
  return [...new Set(references)].map((reference) =>
    problem(`${reference} is no $context variable, and an access log can have no other`),
  );
}

function attribution(format: CheckedFormat): Finding[] {
  const findings: Finding[] = [];
  const isHttp = (format.apiType ?? guessedType(format)) === 'HTTP';
  if (isHttp) return [hint('an HTTP API has no API keys: nothing can be attributed')];
  for (const [variable, loss] of losses) {
    const field = fieldOfVariable(variable) as Field;
    if (format.members.some((member) => member.tells === variable)) continue;
    const member = format.members.find((one) => one.variable === variable);
    findings.push(problem(`${loss}: ${member ? renaming(member, field) : adding(format, field)}`));
  }
  return findings;
}

const losses = [
  ['identity.apiKeyId', 'neither the customer nor the usage plan can be told'],
  ['apiId', 'the usage plan cannot be told without the API'],
  ['stage', 'the usage plan cannot be told without the stage'],
] as const;

function guessedType({ variables }: CheckedFormat): ApiType | undefined {
  const isRouted = variables.includes('routeKey') || variables.includes('dataProcessed');
  const isOther = variables.some((variable) =>
    /^(eventType|connectionId|resourcePath|resourceId|identity\.apiKey(Id)?)$/.test(variable),
  );
  return isRouted && !isOther ? 'HTTP' : undefined;
}

function renaming({ variable, name }: FormatMember, field: Field): string {
  const best = bestName(field);
  return name === undefined
    ? `$context.${variable} stands inside another value, move it out, as "${best}"`
    : `$context.${variable} is called "${name}", which is not known, call it "${best}"`;
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
    const own = fieldOfVariable(variable);
    if (own && namesOf(own).includes(name)) return [];
    const advice =
      own && !fieldNamed(bestName(own)) ? '' : own ? `, call it "${bestName(own)}"` : '';
    return [
      problem(`"${name}" is read as $context.${tells}, not as $context.${variable}${advice}`),
    ];
  });
}

function secrets({ variables }: CheckedFormat): Finding[] {
  const found = [...new Set(variables)].filter((variable) => fieldOfVariable(variable)?.secret);
  return found.map((variable) =>
    problem(
      `$context.${variable} is a live credential, and every reader of the log gets it: leave it out, the key's id is enough`,
    ),
  );
}

function quoting({ line, template }: CheckedFormat): Finding[] {
  if (template.notation !== 'json') {
    return /^\{/.test(line)
      ? [
          problem(
            'begins like JSON, but is none even with values that are: a quote or comma is amiss',
          ),
        ]
      : [];
  }
  const slots = template.slots.flatMap((slot) => slot ?? []);
  const isMessage = ({ variable }: { variable: string }) => variable === 'error.messageString';
  const bare = slots.filter((slot) => !slot.isQuoted && !isMessage(slot));
  const message = slots.find(isMessage);
  return [
    ...(bare.length === 0
      ? []
      : [
          problem(
            `${bare.map(({ variable }) => `$context.${variable}`).join(', ')} without quotes: a value that is missing is written as -, and the line is no JSON`,
          ),
        ]),
    ...(message?.isQuoted
      ? [problem('$context.error.messageString brings its own quotes: use $context.error.message')]
      : []),
    ...(message && !message.isQuoted
      ? [
          hint(
            '$context.error.messageString may be a mere -, which is no JSON: use "$context.error.message"',
          ),
        ]
      : []),
  ];
}

function spelling({ line, ending }: CheckedFormat): Finding[] {
  return [
    ...(/[“”]/.test(line)
      ? [problem('typographic quotes (“ ”) are written as they are: use straight ones (")')]
      : []),
    ...(/\\["']/.test(line)
      ? [problem('backslashes before quotes are written as they are: leave them out')]
      : []),
    ...(/\\[nr]/.test(ending)
      ? [hint('the console takes a \\n that is typed for two characters: lines end in them')]
      : []),
  ];
}
