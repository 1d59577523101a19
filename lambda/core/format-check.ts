/**
 * What can be said of a log format before a stage is given it: whether API Gateway takes it, whether
 * its lines can be read, whose requests they tell of, and what they give away.
 */

import { compileFormat, type Format } from './format';
import { splitEnding } from './format-ending';
import { type Finding, findingsOf, hint, problem } from './format-findings';
import { membersOf } from './format-members';
import { type Notation, partsOf, type Template, templateOf } from './format-template';
import { knownFormats } from './known-formats';

export interface FormatCheck {
  readonly notation: Notation;
  readonly variables: readonly string[];
  readonly bytes: number;
  /** The name of the known format that it is. */
  readonly knownAs?: string;
  /** What can be said of a line whose request had an API key. */
  readonly attribution: { readonly customer: boolean; readonly usagePlan: boolean };
  readonly findings: readonly Finding[];
}

export function checkFormat(format: string): FormatCheck {
  const [text, ending] = splitEnding(format);
  // One of several lines is refused, and still checked as what it is meant to be.
  const line = text.replace(/\s*[\r\n]\s*/g, ' ');
  const { variables } = partsOf(line);
  const template = templateOf(partsOf(line));
  const members = membersOf(template);
  const known = knownFormats.find((other) => isSame(templateOf(partsOf(other.format)), template));
  const tells = (variable: string) => members.some((one) => one.tells === variable);
  const customer = tells('identity.apiKeyId');
  return {
    notation: template.notation,
    variables,
    bytes: Buffer.byteLength(text),
    ...(known && { knownAs: known.name }),
    attribution: { customer, usagePlan: customer && tells('apiId') && tells('stage') },
    findings: [
      ...readability(text, known !== undefined),
      ...findingsOf({ line, ending, variables, template, members, apiType: known?.apiType }),
    ],
  };
}

/** However the two are spaced. */
function isSame(one: Template, other: Template): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function readability(text: string, isKnown: boolean): Finding[] {
  let format: Format;
  try {
    format = compileFormat(text);
  } catch (error) {
    return [problem((error as Error).message.replace(/^log format: /, ''))];
  }
  if (format.template.notation === 'json') return [];
  const free = format.freeVariables.map((variable) => `$context.${variable}`);
  return [
    ...(isKnown ? [] : [hint('not JSON and not known: its lines are read once it is configured')]),
    ...(free.length === 0
      ? []
      : [
          hint(
            `a line is not read where ${free.join(', ')} may hold what stands behind it in the format: JSON tells more values apart`,
          ),
        ]),
  ];
}
