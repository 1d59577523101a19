/**
 * What can be said of a log format before a stage is given it: whether API Gateway takes it, whether
 * its lines can be read, attributed, and what secrets they have.
 */

import { isNoValue } from '../../fields';
import { isSecretName } from '../../spelling';
import { compileFormat, type Format } from '../format';
import { knownFormats } from '../known/known-formats';
import type { ApiType } from '../known/log-format';
import { splitEnding } from '../line-ending';
import { readByKnown } from '../line-reader';
import { type Notation, partsOf, type Template, templateOf } from '../template';
import { decidingVariables, type Finding, findingsOf, hint, problem } from './findings';
import { isSaid, membersOf } from './members';
import { type SampleLine, sampleLines } from './sample-lines';

export interface FormatCheck {
  readonly notation: Notation;
  readonly variables: readonly string[];
  readonly bytes: number;
  /** The names of the known formats that it is. */
  readonly knownAs: readonly string[];
  /** How far a line can be attributed whose request had an API key. */
  readonly attribution: { readonly customer: boolean; readonly usagePlan: boolean };
  /** The variables that its lines lack, to be attributed. */
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
    logsKeyValues: variables.some(isSecretName),
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
function takenAs(lines: readonly SampleLine[], isReadable: boolean): Finding[] {
  const taken = lines.flatMap(({ text: line, values }) => {
    const { names, parsed } = readByKnown(line) ?? { names: [], parsed: 'ambiguous' };
    return parsed === 'ambiguous' ? [] : [{ names, read: Array.from(parsed.values), values }];
  });
  if (taken.length === 0) {
    const isRead = hint(
      `not JSON and not known: its lines are read once logFormats has it (cdk deploy -c logFormats='["…"]', or LOG_FORMATS)`,
    );
    return isReadable ? [isRead] : [];
  }
  const isWrong = taken.some(({ read, values }) =>
    read.some(([variable, value]) => !isNoValue(value) && values.get(variable) !== value),
  );
  const which = taken.length === lines.length ? 'its lines' : 'some of its lines';
  const names = [...new Set(taken.flatMap((one) => one.names))].join(', ');
  const said = `${which} are taken for those of ${names}`;
  return [
    isWrong ? problem(`${said}, wrongly: configure it`) : hint(`${said} until it is configured`),
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
  const lines = sampleLines(partsOf(text));
  const isReadable = typeof format.read(lines[0]?.text ?? '') === 'object';
  if (!isKnown) findings.push(...takenAs(lines, isReadable));
  if (format.freeVariables.length > 0) {
    const free = format.freeVariables.map((variable) => `$context.${variable}`).join(' or ');
    findings.push(
      isReadable
        ? hint(
            `a line may be refused where the value of ${free} contains the text that follows it in the format: prefer JSON`,
          )
        : problem(`nothing tells where ${free} ends: usual lines are refused, prefer JSON`),
    );
  }
  return findings;
}
