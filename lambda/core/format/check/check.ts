/**
 * What can be said of a log format before a stage is given it: whether API Gateway takes it, whether
 * its lines can be read, whose requests they tell of, and what they give away.
 */

import { isNoValue } from '../../fields';
import { isSecretVariable } from '../configured-names';
import { compileFormat, type Format } from '../format';
import { knownFormats } from '../known/known-formats';
import type { ApiType } from '../known/log-format';
import { splitEnding } from '../line-ending';
import { readByKnown } from '../line-reader';
import { type Notation, partsOf, type Template, templateOf } from '../template';
import { decidingVariables, type Finding, findingsOf, hint, problem } from './findings';
import { isSaid, membersOf } from './members';
import { sampleLines } from './sample-lines';

export interface FormatCheck {
  readonly notation: Notation;
  readonly variables: readonly string[];
  readonly bytes: number;
  /** The names of the known formats that it is. */
  readonly knownAs: readonly string[];
  /** What can be said of a line whose request had an API key. */
  readonly attribution: { readonly customer: boolean; readonly usagePlan: boolean };
  /** The variables that its lines would have to tell beside, to be attributed. */
  readonly lacks: readonly string[];
  /** Whether lines carry the values of API keys. */
  readonly logsKeyValues: boolean;
  /** Whether such a value goes out in clear as long as the format is not configured. */
  readonly exposesKeyValues: boolean;
  readonly findings: readonly Finding[];
}

/** The one judge of formats. Without an API's type, what differs between types is said with a condition. */
export function checkFormat(format: string, apiType?: ApiType): FormatCheck {
  const [text, ending] = splitEnding(format);
  // One of several lines is refused, and still checked as what it is meant to be.
  const line = text.replace(/\s*[\r\n]\s*/g, ' ');
  const { variables } = partsOf(line);
  const template = templateOf(partsOf(line));
  const members = membersOf(template);
  const known = knownFormats.filter((other) => isSame(templateOf(partsOf(other.format)), template));
  const apiTypes = new Set(apiType ? [apiType] : known.map((one) => one.apiType));
  const isExposed = known.length === 0 && members.some((member) => member.isExposed);
  const customer = isSaid(members, 'identity.apiKeyId');
  return {
    notation: template.notation,
    variables,
    bytes: Buffer.byteLength(text),
    knownAs: known.map(({ name }) => name),
    attribution: {
      customer,
      usagePlan: customer && isSaid(members, 'apiId') && isSaid(members, 'stage'),
    },
    // An HTTP API knows no keys: there is nothing to attribute.
    lacks:
      apiType === 'HTTP' ? [] : decidingVariables.filter((variable) => !isSaid(members, variable)),
    logsKeyValues: variables.some(isSecretVariable),
    exposesKeyValues: isExposed,
    findings: [
      ...readability(text, known.length > 0),
      ...findingsOf({ line, ending, variables, template, members, apiTypes, isExposed }),
    ],
  };
}

/** However the two are spaced. */
function isSame(one: Template, other: Template): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What becomes of its lines as long as it is not configured. */
function takenAs(text: string): Finding[] {
  const read = sampleLines(partsOf(text)).map((line) => ({
    ...line,
    known: readByKnown(line.text),
  }));
  const names = [...new Set(read.flatMap(({ known }) => known?.names ?? []))];
  if (names.length === 0) {
    return [hint('not JSON and not known: its lines are read once it is configured')];
  }
  const isWrong = read.some(({ known, values }) => {
    if (!known || known.reading === 'ambiguous') return false;
    return Array.from(known.reading.values).some(
      ([variable, value]) => !isNoValue(value) && values.get(variable) !== value,
    );
  });
  const taken = `its lines are taken for those of ${names.join(', ')}`;
  return [
    isWrong ? problem(`${taken}, wrongly: configure it`) : hint(`${taken} until it is configured`),
  ];
}

function readability(text: string, isKnown: boolean): Finding[] {
  let format: Format;
  try {
    format = compileFormat(text);
  } catch (error) {
    return [problem((error as Error).message.replace(/^log format: /, ''))];
  }
  if (format.template.notation === 'json') return [];
  const findings: Finding[] = [];
  if (!isKnown) findings.push(...takenAs(text));
  if (format.freeVariables.length > 0) {
    const free = format.freeVariables.map((variable) => `$context.${variable}`).join(', ');
    findings.push(
      hint(
        `lines where ${free} has in it what comes next in the format may be refused: prefer JSON`,
      ),
    );
  }
  return findings;
}
