import { fieldNamed, fieldOfVariable, isNoValue } from '../../lambda/core/fields';
import { compileFormat } from '../../lambda/core/format/format';
import { type LogLine, memberText, tokenOf } from '../../lambda/core/record/log-line';
import { readLogLine } from '../../lambda/core/record/read-log-line';
import { variablesOf } from './render-line';

/** What a line says: texts by name, without those that say nothing. */
export type LineFields = Readonly<Record<string, string>>;

/** What an object's text says, under the names that it has, or, `byColumn`, that the table has. */
export function fieldsIn(json: string, names: 'asWritten' | 'byColumn'): LineFields {
  const line = readLogLine(json);
  if (!line) throw new Error(`no JSON object: ${json}`);
  const nameOf = (name: string) =>
    names === 'asWritten' ? name : (fieldNamed(name)?.column ?? name);
  const textsIn = (object: LogLine): [string, string | undefined][] =>
    object.members.flatMap((member) => {
      const nested = readLogLine(tokenOf(object, member));
      return nested ? textsIn(nested) : [[nameOf(member.name), memberText(object, member)]];
    });
  return said(textsIn(line));
}

/** What lines of a format say: a JSON format has names of its own, others have the table's. */
export class ExpectedFields {
  readonly names: 'asWritten' | 'byColumn';
  readonly #variables: readonly (readonly [name: string, variable: string])[];
  readonly #asRead: (text: string) => string;

  constructor(format: string) {
    const { notation } = compileFormat(format).template;
    this.names = notation === 'json' ? 'asWritten' : 'byColumn';
    this.#variables =
      notation === 'json'
        ? Array.from(format.matchAll(member), ([, name = '', variable = '']) => [name, variable])
        : variablesOf(format).map((variable) => [columnOf(variable), variable]);
    this.#asRead = { json: unescapedJson, xml: unescapedXml, text: (text: string) => text }[
      notation
    ];
  }

  of(valueFor: (variable: string) => string): LineFields {
    return said(
      this.#variables.map(([name, variable]) => [name, this.#asRead(valueFor(variable))]),
    );
  }
}

const member = /["“]([\w ]+)["”] ?: ?["“]?\$context\.([\w.]+)/g;

function columnOf(variable: string): string {
  return fieldOfVariable(variable)?.column ?? variable;
}

function said(fields: readonly (readonly [string, string | undefined])[]): LineFields {
  return Object.fromEntries(fields.filter(([, text]) => !isNoValue(text))) as LineFields;
}

function unescapedJson(text: string): string {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}

function unescapedXml(text: string): string {
  if (/<|&(?!(amp|lt|gt|quot|apos);)/.test(text)) return text;
  const characters = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(\w+);/g, (_, name: keyof typeof characters) => characters[name]);
}
