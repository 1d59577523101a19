/** A line and a catalog in, the attribution out: whose request it was, and against which plan. */

import { type Catalog, planFor } from './catalog';
import { type Field, fieldOfVariable, isNoValue, NO_VALUE, namesOf } from './fields';
import { isNoValueToken, type LogLine, memberNamed, memberText } from './log-line';

/** How much could be said of a line; the pipeline's counters carry these names. */
export type AttributionOutcome = 'enriched' | 'withoutKey' | 'unknownKey' | 'noPlanForStage';

export interface Attribution {
  /** The plan's name, `-` where there is none. */
  readonly usagePlan: string;
  /** The customer's name, `-` where there is none. */
  readonly customerName: string;
  readonly outcome: AttributionOutcome;
  /** The API key id that the line names, where it names one. */
  readonly keyId?: string;
}

const apiKeyId = requiredField('identity.apiKeyId');
const apiId = requiredField('apiId');
const stage = requiredField('stage');

const withoutKey: Attribution = {
  usagePlan: NO_VALUE,
  customerName: NO_VALUE,
  outcome: 'withoutKey',
};

export function attribute(line: LogLine, catalog: Catalog): Attribution {
  const keyId = fieldText(line, apiKeyId);
  if (keyId === undefined) return withoutKey;

  const key = catalog.key(keyId);
  if (!key) return { ...withoutKey, outcome: 'unknownKey', keyId };

  const { customerName } = key;
  const usagePlan = planFor(key, fieldText(line, apiId) ?? '', fieldText(line, stage) ?? '');
  if (!usagePlan) return { usagePlan: NO_VALUE, customerName, outcome: 'noPlanForStage', keyId };
  return { usagePlan, customerName, outcome: 'enriched', keyId };
}

/**
 * Whether a target may be filled, by what stands there in the line: a value that the log already
 * carries, from an authorizer for instance, is never overwritten.
 */
export function isFree(token: string | undefined): boolean {
  return token === undefined || isNoValueToken(token);
}

/** A field's value in a line, by whichever of its names the line uses; undefined for no value. */
function fieldText(line: LogLine, field: Field): string | undefined {
  for (const name of namesOf(field)) {
    const member = memberNamed(line, name);
    const text = member && memberText(line, member);
    if (!isNoValue(text)) return text;
  }
  return undefined;
}

function requiredField(variable: string): Field {
  const field = fieldOfVariable(variable);
  if (!field) throw new Error(`no field for $context.${variable}`);
  return field;
}
