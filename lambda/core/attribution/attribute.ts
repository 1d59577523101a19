/** A line and a catalog in, the attribution out: whose request it was, and against which plan. */

import { type Catalog, membershipFor } from '../catalog/catalog';
import type { Column } from '../catalog/customer';
import { type Field, fieldOfVariable, isNoValue, NO_VALUE, namesOf } from '../fields';
import { isNoValueToken, type LogLine, memberText } from '../record/log-line';
import { readTime } from '../values/times';

/** How much could be said of a line; the pipeline's counters carry these names. */
export type AttributionOutcome = 'enriched' | 'withoutKey' | 'unknownKey' | 'noPlanForStage';

export interface Attribution {
  /** The plan's name, `-` where there is none. */
  readonly usagePlan: string;
  /** The plan's id, `-` where there is none. */
  readonly usagePlanId: string;
  /** The customer's name, `-` where there is none. */
  readonly customerName: string;
  readonly outcome: AttributionOutcome;
  /** What is configured to be said beside plan and customer, by the names of the columns. */
  readonly columns?: readonly Column[];
  /** The API key id that the line names, where it names one. */
  readonly keyId?: string;
}

/** Who called what, as a line tells it; undefined or no value where it does not. */
export interface Caller {
  readonly keyId?: string | undefined;
  readonly apiId?: string | undefined;
  readonly stage?: string | undefined;
}

export const callerFields = {
  keyId: requiredField('identity.apiKeyId'),
  apiId: requiredField('apiId'),
  stage: requiredField('stage'),
} as const satisfies Record<keyof Caller, Field>;
const requestTimes = [requiredField('requestTimeEpoch'), requiredField('requestTime')];

export function attribute(line: LogLine, catalog: Catalog): Attribution {
  const read = fieldReader(line);
  const keyId = read(callerFields.keyId);
  if (keyId === undefined) return attributionOf({}, catalog);
  const caller = { keyId, apiId: read(callerFields.apiId), stage: read(callerFields.stage) };
  const requestedAt = catalog.key(keyId)?.dependsOnTime ? requestTimeOf(read) : undefined;
  return attributionOf(caller, catalog, requestedAt);
}

/** Without the request's time, as of now. */
export function attributionOf(
  { keyId, apiId, stage }: Caller,
  catalog: Catalog,
  requestedAt?: number,
): Attribution {
  const { columns } = catalog.nobody;
  const unknown = {
    usagePlan: NO_VALUE,
    usagePlanId: NO_VALUE,
    customerName: NO_VALUE,
    columns,
  };
  if (isNoValue(keyId)) return { ...unknown, outcome: 'withoutKey' };

  const key = catalog.key(keyId);
  if (!key) return { ...unknown, outcome: 'unknownKey', keyId };

  const [api, stageName] = [isNoValue(apiId) ? '' : apiId, isNoValue(stage) ? '' : stage];
  const membership = membershipFor(key, api, stageName, requestedAt);
  const { customerName, columns: ofCustomer } = membership ?? key;
  if (!membership) {
    return { ...unknown, customerName, columns: ofCustomer, outcome: 'noPlanForStage', keyId };
  }
  const { name, usagePlan } = membership.plan;
  return {
    usagePlan: name,
    usagePlanId: usagePlan.id,
    customerName,
    columns: ofCustomer,
    outcome: 'enriched',
    keyId,
  };
}

function requestTimeOf(read: FieldReader): number | undefined {
  for (const field of requestTimes) {
    const text = read(field);
    const instant = text === undefined ? undefined : readTime(text);
    if (instant) return instant.epochMs;
  }
  return undefined;
}

/** The API that a line is of, where it names it. */
export function apiIdOf(line: LogLine): string | undefined {
  return fieldReader(line)(callerFields.apiId);
}

/**
 * Whether a target may be filled, by what stands there in the line: a value that the log already
 * carries, from an authorizer for instance, is never overwritten.
 */
export function isFree(token: string | undefined): boolean {
  return token === undefined || isNoValueToken(token);
}

/** A field's value in a line, by whichever of its names the line uses; undefined for no value. */
type FieldReader = (field: Field) => string | undefined;

/** By name: the place of the field among those that are looked for. */
const places = new Map(
  [...Object.values(callerFields), ...requestTimes].flatMap((field, place) =>
    namesOf(field).map((name) => [name, place] as const),
  ),
);

/**
 * A line that tells a field twice, and differently, tells nothing: what an unescaped quote in a path
 * or a user agent adds must not make a request another customer's.
 */
function fieldReader(line: LogLine): FieldReader {
  // One walk over the members for all fields: a walk for each takes longer than reading the line.
  const found: (string | undefined)[] = [];
  const isFound: boolean[] = [];
  for (const member of line.members) {
    const place = places.get(member.name);
    if (place === undefined) continue;
    const text = memberText(line, member);
    const isContradicted = isFound[place] && text !== found[place];
    found[place] = isContradicted ? CONTRADICTED : text;
    isFound[place] = true;
  }
  return (field) => {
    const text = found[places.get(field.column) as number];
    return isNoValue(text) || text === CONTRADICTED ? undefined : text;
  };
}

/** No value of a log: they come without control characters. */
const CONTRADICTED = '\0contradicted';

function requiredField(variable: string): Field {
  const field = fieldOfVariable(variable);
  if (!field) throw new Error(`no field for $context.${variable}`);
  return field;
}
