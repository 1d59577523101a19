/** Lines of public formats, each with values that cause trouble: read right or refused, never wrong. */

import { transform } from '../../../../lambda/core/batch/transform';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import { type Field, fieldNamed, fieldOfVariable, isNoValue } from '../../../../lambda/core/fields';
import { namesIn } from '../../../../lambda/core/format/configured-names';
import { lineReader } from '../../../../lambda/core/format/line-reader';
import { rendererFor } from '../../../../lambda/core/output/renderer-for';
import { type Output, outputs, readSettings } from '../../../../lambda/core/settings/settings';
import { firehoseEvent, textOf } from '../../../support/firehose';
import { lineKinds as kinds, SECRET, type usualValue } from '../../../support/line-kinds';
import { type PublicFormat, publicFormats } from '../../../support/public-formats';
import { renderLine, variablesOf } from '../../../support/render-line';

const catalog = new Catalog([
  {
    id: 'p1',
    name: 'Gold',
    apiStages: [{ apiId: '7k2m9x4qpa', stage: 'prod' }],
    keys: [{ id: 'k3yac4me01', name: 'Acme GmbH' }],
  },
]);
const cache = { latest: catalog, forKeys: async () => catalog };

// biome-ignore lint/suspicious/noExplicitAny: documents of any shape are looked at.
type Document = any;

interface Delivered {
  readonly result: string;
  readonly document: Document;
  readonly text: string;
}

function handlerOf(output: Output, formats: readonly string[]) {
  const settings = readSettings({
    OUTPUT: output,
    ...(formats.length > 0 ? { LOG_FORMATS: JSON.stringify(formats) } : {}),
  });
  const names = namesIn(settings.logFormats);
  const options = {
    catalogs: cache,
    renderer: rendererFor(settings, {}, names),
    readOther: lineReader(settings.logFormats),
    names,
    maxInflatedBytes: settings.maxInflatedBytes,
  };
  return async (...lines: readonly string[]): Promise<Delivered[]> => {
    const { response } = await transform(firehoseEvent(...lines), options);
    return response.records.map((record) => {
      const text = textOf(record);
      const isRead = record.result === 'Ok';
      return { result: record.result, text, document: isRead ? JSON.parse(text) : undefined };
    });
  };
}

interface Line {
  readonly format: PublicFormat;
  readonly isConfigured: boolean;
  /** The values that it was made of, by variable. */
  readonly valueFor: (variable: string) => string;
}

/** The texts that may stand in a column: those of the format's variables with this column. */
function textsOf(field: Field, { format, isConfigured, valueFor }: Line): string[] {
  const own = variablesOf(format.format).filter(
    (one) => fieldOfVariable(one)?.column === field.column,
  );
  const misnamed = isConfigured ? undefined : format.misnamed?.[field.column];
  const texts = [...own, ...(misnamed === undefined ? [] : [misnamed])].map(valueFor);
  // The one variable that brings its quotes along.
  return texts.flatMap((text) => [text, text.replace(/^"(.*)"$/, '$1')]);
}

function expectInstant(value: unknown, texts: readonly string[]) {
  const [instant] = texts.map((text) =>
    /^\d+$/.test(text)
      ? Number(text)
      : Date.parse(text.replace(/^(\d+)\/(\w+)\/(\d+):/, '$1 $2 $3 ')),
  );
  expect(new Date(value as string).getTime()).toBe(instant);
}

function expectCanonical(document: Document, line: Line) {
  for (const [column, value] of Object.entries(document)) {
    const field = fieldNamed(column);
    if (!field || value === null || column === 'api_type') continue;
    const texts = textsOf(field, line);
    if (field.secret) expect(texts.map((text) => `****${text.slice(-4)}`)).toContain(value);
    else if (field.type === 'timestamp' || column === 'request_time_epoch') {
      // One spelling of an instant stands in for the other.
      const other = ['requestTime', 'requestTimeEpoch'].filter((one) =>
        variablesOf(line.format.format).includes(one),
      );
      expectInstant(value, column.startsWith('request_time') ? other.map(line.valueFor) : texts);
    } else expect([column, ...texts]).toContain(String(value));
  }
}

function expectEcs(document: Document, line: Line) {
  const said = (variable: string) => textsOf(fieldOfVariable(variable) as Field, line);
  const pairs: [unknown, string][] = [
    [document.http?.response?.status_code, 'status'],
    [document.http?.request?.method, 'httpMethod'],
    [document.aws?.api_gateway?.resource?.path, 'resourcePath'],
    [document.source?.ip, 'identity.sourceIp'],
    [document.user_agent?.original, 'identity.userAgent'],
    [document.cloud?.account?.id, 'accountId'],
    [document.aws?.api_gateway?.request_id, 'requestId'],
    [document.aws?.api_gateway?.api_id, 'apiId'],
    [document.aws?.api_gateway?.stage, 'stage'],
    [document.aws?.api_gateway?.route_key, 'routeKey'],
    [document.aws?.api_gateway?.integration?.status, 'integration.status'],
    [document.aws?.api_gateway?.integration?.latency, 'integration.latency'],
  ];
  for (const [value, variable] of pairs) {
    if (value !== undefined) expect([variable, ...said(variable)]).toContain(String(value));
  }
}

function expectVerbatim(document: Document, { format, valueFor }: Line) {
  const texts = variablesOf(format.format).map(valueFor);
  const { usage_plan: _plan, customer_name: _customer, ...members } = document;
  for (const value of leavesOf(members)) {
    const isWhole = texts.includes(String(value)) || value === `****${SECRET.slice(-4)}`;
    // Several values side by side, or what the format says itself.
    const isMade =
      texts.some((text) => text !== '' && String(value).includes(text)) ||
      texts.includes(`"${value}"`) ||
      format.format.includes(String(value));
    expect([value, isWhole || isMade || isNoValue(String(value))]).toEqual([value, true]);
  }
}

function leavesOf(value: Document): unknown[] {
  if (value === null) return [];
  return typeof value === 'object' ? Object.values(value).flatMap(leavesOf) : [value];
}

const judges = { verbatim: expectVerbatim, canonical: expectCanonical, ecs: expectEcs };

function isJson(line: string | undefined): boolean {
  try {
    return typeof JSON.parse(line ?? '') === 'object';
  } catch {
    return false;
  }
}

describe.each(outputs)('in the shape %s', (output) => {
  describe.each([false, true])('with the format configured: %s', (isConfigured) => {
    test.each(publicFormats.map((format) => [format.name, format] as const))(
      'lines of %s are read right or refused',
      async (_, format) => {
        const handle = handlerOf(output, isConfigured ? [format.format] : []);
        const names = Object.keys(kinds);
        const lines = names.map((kind) =>
          renderLine(format.format, kinds[kind] as typeof usualValue),
        );

        const delivered = await handle(...lines);

        for (const [index, { result, document, text }] of delivered.entries()) {
          expect(text).not.toContain(result === 'Ok' ? SECRET.slice(0, -4) : '\0');
          if (result !== 'Ok') {
            expect(result).toBe('ProcessingFailed');
            continue;
          }
          const valueFor = kinds[names[index] as string] as typeof usualValue;
          judges[output](document, { format, isConfigured, valueFor });
        }
        const [plain] = delivered;
        if (isJson(lines[0])) expect(plain?.result).toBe('Ok');
        const attributes = ['identity.apiKeyId', 'apiId', 'stage'].every((one) =>
          variablesOf(format.format).includes(one),
        );
        if (attributes && isConfigured && plain?.result === 'Ok') {
          expect(plain.text).toContain('"Gold"');
          expect(plain.text).toContain('"Acme GmbH"');
        }
      },
    );
  });
});
