/**
 * What a line gets of the customer: a name, and further columns, each made by a template from what
 * API Gateway knows of the key and of the plan.
 *
 * `{key.name}` stands for a fact, `{key.tags.customer|key.name}` for the first of several that is
 * there. Where a template lacks a fact it yields `-`: half a name may be another customer's.
 */

import { NO_VALUE } from '../fields';
import type { Tags, UsagePlan, UsagePlanKey } from './usage-plan';

export type CustomerColumn = readonly [name: string, value: string];

export interface Customer {
  readonly customerName: string;
  readonly columns: readonly CustomerColumn[];
}

/** The customer of a key, in a plan, or without one where the request counts against none. */
export type CustomerNaming = (key: UsagePlanKey, usagePlan?: UsagePlan) => Customer;

export interface CustomerTemplates {
  readonly customerName: string;
  /** A template for each further column, by the column's name. */
  readonly extraFields: Readonly<Record<string, string>>;
}

interface Subject {
  readonly key: UsagePlanKey;
  readonly plan: UsagePlan | undefined;
}

type Fact = (subject: Subject) => string | undefined;

/** Text as it is, or facts of which the first that is there counts. */
type TemplatePart = string | readonly Fact[];

const facts: ReadonlyMap<string, Fact> = new Map<string, Fact>([
  ['key.id', ({ key }) => key.id],
  ['key.name', ({ key }) => key.name],
  ['key.customerId', ({ key }) => key.customerId],
  ['plan.id', ({ plan }) => plan?.id],
  ['plan.name', ({ plan }) => plan?.name],
]);

// Tag keys may hold these and, of a template's own signs, none of { } |
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging.html
const tagFact = /^(key|plan)\.tags\.([\p{L}\p{N} _.:/=+@-]{1,128})$/u;

export const KEY_NAME_TEMPLATE = '{key.name}';

const noColumns: readonly CustomerColumn[] = [];

/** The customer is the name of the API key; no further columns. */
export const namedByKey: CustomerNaming = (key) => ({
  customerName: key.name || NO_VALUE,
  columns: noColumns,
});

export function customerNaming({ customerName, extraFields }: CustomerTemplates): CustomerNaming {
  const templates = Object.entries(extraFields);
  if (customerName === KEY_NAME_TEMPLATE && templates.length === 0) return namedByKey;
  const nameParts = parseTemplate(customerName);
  const columns = templates.map(([name, template]) => ({ name, parts: parseTemplate(template) }));
  return (key, plan) => ({
    customerName: fill(nameParts, { key, plan }),
    columns: columns.map(({ name, parts }) => [name, fill(parts, { key, plan })] as const),
  });
}

/** What templates ask for beside names and ids: nothing else is read, or kept. */
export interface WantedDetails {
  /** Whether the list of API keys has to be read for it: their tags, the customer id. */
  readonly isListOfKeys: boolean;
  readonly keyTags: ReadonlySet<string>;
  readonly planTags: ReadonlySet<string>;
}

export function wantedDetails(templates: readonly string[]): WantedDetails {
  const names = templates.flatMap((template) =>
    [...template.matchAll(/\{([^{}]*)\}/g)].flatMap(([, inner = '']) => inner.split('|')),
  );
  const tagsOf = (owner: string) =>
    new Set(
      names.flatMap((name) => {
        const [, of, tagName] = tagFact.exec(name) ?? [];
        return of === owner && tagName ? [tagName] : [];
      }),
    );
  const keyTags = tagsOf('key');
  const isListOfKeys = keyTags.size > 0 || names.includes('key.customerId');
  return { isListOfKeys, keyTags, planTags: tagsOf('plan') };
}

/** The tags that are wanted; undefined where there are none. */
export function tagsNamed(tags: Tags | undefined, wanted: ReadonlySet<string>): Tags | undefined {
  if (!tags || wanted.size === 0) return undefined;
  const kept = Object.entries(tags).filter(([name]) => wanted.has(name));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** The templates of the settings, as one list. */
export function templatesIn({
  customerName = KEY_NAME_TEMPLATE,
  extraFields = '',
}: {
  readonly customerName?: string | undefined;
  readonly extraFields?: string | undefined;
}): string[] {
  return [customerName, ...Object.values(parseExtraFields(extraFields))];
}

/** Rejects a template that no fact could fill. */
export function parseTemplate(template: string): readonly TemplatePart[] {
  const parts = template
    .split(/(\{[^{}]*\})/)
    .filter((text) => text !== '')
    .map((text) => (text.startsWith('{') && text.endsWith('}') ? alternatives(text) : text));
  if (parts.some((part) => typeof part === 'string' && /[{}]/.test(part))) {
    throw new Error('a template in which every { has its }');
  }
  if (parts.every((part) => typeof part === 'string')) {
    throw new Error('a template with at least one fact, such as {key.name}');
  }
  return parts;
}

/** `team={key.tags.team},plan={plan.id}` as templates by name. */
export function parseExtraFields(text: string): Record<string, string> {
  const templates = new Map<string, string>();
  // A comma within braces would be part of a fact, and no fact has one.
  for (const pair of text.split(',').filter((it) => it.trim() !== '')) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(equals, 0)).trim();
    if (name === '') throw new Error('name={fact} pairs with commas between them');
    if (templates.has(name)) throw new Error(`"${name}" once`);
    const template = pair.slice(equals + 1).trim();
    parseTemplate(template);
    templates.set(name, template);
  }
  return Object.fromEntries(templates);
}

function alternatives(text: string): TemplatePart {
  return text
    .slice(1, -1)
    .split('|')
    .map((name) => {
      const fact = facts.get(name) ?? tag(name);
      if (fact) return fact;
      throw new Error(
        `a template of ${[...facts.keys()].join(', ')}, key.tags.NAME and plan.tags.NAME`,
      );
    });
}

function tag(name: string): Fact | undefined {
  const [, owner, tagName] = tagFact.exec(name) ?? [];
  if (!tagName) return undefined;
  return (subject) => {
    const tags = owner === 'key' ? subject.key.tags : subject.plan?.tags;
    return tags && Object.hasOwn(tags, tagName) ? tags[tagName] : undefined;
  };
}

function fill(parts: readonly TemplatePart[], subject: Subject): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = firstOf(part, subject);
    if (!value) return NO_VALUE;
    text += value;
  }
  return text;
}

function firstOf(alternatives: readonly Fact[], subject: Subject): string | undefined {
  for (const fact of alternatives) {
    const value = fact(subject);
    if (value) return value;
  }
  return undefined;
}
