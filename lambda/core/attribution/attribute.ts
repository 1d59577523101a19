/** A line and a catalog in, the attribution out: whose request it was, and against which plan. */

import { type Catalog, membershipFor } from '../catalog/catalog';
import type { CustomerColumn } from '../catalog/customer';
import { type Field, fieldOfVariable, isNoValue, NO_VALUE } from '../fields';
import { Names } from '../names';
import { agreedText, type LineValue, valuesOf } from '../record/line-values';
import { isNoValueToken, type LogLine } from '../record/log-line';
import { readTime } from '../values/times';

/** What was found for a line; the pipeline's counters carry these names. */
export type AttributionOutcome = 'enriched' | 'withoutKey' | 'unknownKey' | 'noPlanForStage';

export interface Attribution {
  /** The plan's name, `-` where there is none. */
  readonly usagePlan: string;
  /** The plan's id, `-` where there is none. */
  readonly usagePlanId: string;
  /** The customer's name, `-` where there is none. */
  readonly customerName: string;
  readonly outcome: AttributionOutcome;
  /** The columns that are configured beside plan and customer, by name. */
  readonly columns?: readonly CustomerColumn[];
  /** The API key id that the line names, where it names one. */
  readonly keyId?: string;
}

/** Who called what, as the line has it; undefined or no value where it does not. */
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

export function attribute(
  line: LogLine,
  catalog: Catalog,
  names: Names = Names.ofTable,
): Attribution {
  const read = fieldReader(line, names);
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
  const { columns } = catalog.noCustomer;
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
  const { id, name } = membership.plan;
  return {
    usagePlan: name,
    usagePlanId: id,
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
export function apiIdOf(line: LogLine, names: Names = Names.ofTable): string | undefined {
  return fieldReader(line, names)(callerFields.apiId);
}

/**
 * Whether a target may be filled, by what stands there in the line: a value that the log already
 * carries, from an authorizer for instance, is never overwritten.
 */
export function isFree(token: string | undefined): boolean {
  return token === undefined || isNoValueToken(token);
}

/** The fields' values in a line, in their order; undefined for no value, and where names contradict each other. */
export function fieldsOf(
  line: LogLine,
  names: Names,
  fields: readonly Field[],
): (string | undefined)[] {
  const read = fieldReader(line, names, fields);
  return fields.map(read);
}

/** A field's value in a line, by whichever of its names the line uses; undefined for no value. */
type FieldReader = (field: Field) => string | undefined;

const wanted = [...Object.values(callerFields), ...requestTimes];

function fieldReader(line: LogLine, names: Names, fields: readonly Field[] = wanted): FieldReader {
  // One walk over the values for all fields: a walk for each takes longer than reading the line.
  const found: LineValue[][] = fields.map(() => []);
  for (const value of valuesOf(line, names)) {
    if (value.field) found[fields.indexOf(value.field)]?.push(value);
  }
  return (field) => {
    const text = agreedText(line, found[fields.indexOf(field)] as LineValue[]);
    return isNoValue(text) ? undefined : text;
  };
}

function requiredField(variable: string): Field {
  const field = fieldOfVariable(variable);
  if (!field) throw new Error(`no field for $context.${variable}`);
  return field;
}
