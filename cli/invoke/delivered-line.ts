/** What a person wants to know of a delivered line, in whichever output it is. */

import { fieldOfVariable, isNoValue } from '../../lambda/core/fields';
import { objectOf, parsedJson } from '../../lambda/core/json';
import type { Settings } from '../../lambda/core/settings/settings';
import { fieldAtPath, fieldSpelled } from '../../lambda/core/spelling';

export interface DeliveredLine {
  /** The time of day, to the second, as the line has it. */
  readonly time: string;
  readonly method: string;
  readonly path: string;
  readonly status: string;
  readonly usagePlan: string;
  readonly customer: string;
  /** The fields that were not in the line that came in, as dotted paths. */
  readonly added: readonly string[];
  /** Names of fields whose value is masked. */
  readonly masked: readonly string[];
  readonly isUnparsed: boolean;
}

type Shown = 'time' | 'method' | 'path' | 'status';

/** By fact: the variables that can have it, the first that a line has counts. */
const variables: Readonly<Record<Shown, readonly string[]>> = {
  time: ['requestTime', 'requestTimeEpoch'],
  method: ['httpMethod', 'eventType', 'routeKey'],
  path: ['path', 'resourcePath', 'routeKey'],
  status: ['status'],
};

export function deliveredLine(text: string, settings: Settings): DeliveredLine {
  const line = objectOf(parsedJson(text));
  const names = flattened(line);
  const textOf = (shown: Shown): string => {
    for (const variable of variables[shown]) {
      const value = names.get(variable) ?? atEcsPath(line, variable);
      if (!isNoValue(value)) return value;
    }
    return '-';
  };
  const own = (name: string, ecsPath: string): string => {
    const value = settings.output === 'ecs' ? at(line, ecsPath) : line[name];
    return isNoValue(value as string) ? '-' : String(value);
  };
  const added =
    settings.output === 'ecs'
      ? [ECS_PLAN, ECS_CUSTOMER]
      : [settings.usagePlanField, settings.customerNameField];
  // An HTTP API's route key has both: `GET /orders`.
  const [method = ''] = textOf('method').split(' ');
  const path = textOf('path').replace(/^[A-Z]+ (?=\/)/, '');
  return {
    time: timeOfDay(textOf('time')),
    method,
    path,
    status: textOf('status'),
    usagePlan: own(settings.usagePlanField, ECS_PLAN),
    customer: own(settings.customerNameField, ECS_CUSTOMER),
    added: added.filter((name) => at(line, name) !== undefined || line[name] !== undefined),
    masked: maskedIn(line),
    isUnparsed: 'unparsed_line' in line || 'unparsed_line_base64' in line,
  };
}

const ECS_PLAN = 'aws.api_gateway.usage_plan.name';
const ECS_CUSTOMER = 'organization.name';

/** The values by the variables that they are of; a nested one goes by the path to it. */
function flattened(line: Record<string, unknown>): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (value: unknown, path: readonly string[]) => {
    if (path.length > 4) return;
    for (const [name, member] of Object.entries(objectOf(value))) {
      const own = [...path, name];
      if (typeof member === 'object') visit(member, own);
      else {
        const variable = variableOf(own);
        if (variable && !found.has(variable)) found.set(variable, String(member));
      }
    }
  };
  visit(line, []);
  return found;
}

function variableOf(path: readonly string[]): string | undefined {
  const name = path.join('.');
  return (path.length === 1 ? fieldSpelled(name) : fieldAtPath(name))?.variable;
}

function atEcsPath(line: Record<string, unknown>, variable: string): string | undefined {
  for (const path of fieldOfVariable(variable)?.ecsPaths ?? []) {
    const value = at(line, path.startsWith('.') ? `aws.api_gateway${path}` : path);
    if (typeof value === 'string' || typeof value === 'number') return String(value);
  }
  return undefined;
}

function at(line: Record<string, unknown>, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => objectOf(value)[name], line);
}

/** A masked value is four asterisks and at most four characters. */
function maskedIn(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return /^\*{4}.{0,4}$/su.test(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item) => maskedIn(item, path));
  return Object.entries(objectOf(value)).flatMap(([name, member]) =>
    maskedIn(member, path ? `${path}.${name}` : name),
  );
}

function timeOfDay(time: string): string {
  const epoch = /^\d{10}(\d{3})?$/.test(time)
    ? Number(time) * (time.length === 10 ? 1000 : 1)
    : undefined;
  if (epoch !== undefined) return new Date(epoch).toISOString().slice(11, 19);
  return /\d{2}:\d{2}:\d{2}(?!:)/.exec(time)?.[0] ?? '-';
}
