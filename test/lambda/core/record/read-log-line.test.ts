import fc from 'fast-check';
import type { LogLine } from '../../../../lambda/core/record/log-line';
import { readLogLine } from '../../../../lambda/core/record/read-log-line';
import { fuzzRuns } from '../../../support/fuzz-runs';

describe('readLogLine', () => {
  const refused = [
    '',
    '[]',
    'null',
    'true',
    '"{}"',
    '{',
    '{}}',
    '{} {}',
    "{'a': 1}",
    '{"a":01}',
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":1,}',
    '\ufeff{}',
    '{"a":NaN}',
  ];
  for (const json of refused) {
    test(`refuses ${JSON.stringify(json)}`, () => {
      expect(readLogLine(json)).toBeUndefined();
    });
  }

  test('keeps the text as it came', () => {
    const json = '{ "a" : 12345678901234567890, "b":1.10,"c":"\\/\\u00e9é" }';

    expect(readLogLine(json)?.text).toBe(json);
  });

  test('puts an object that is written over several lines on one', () => {
    expect(readLogLine('{\r\n  "a": 1\n}\n')?.text).toBe('{   "a": 1 }');
  });

  test('finds the members of the top level only', () => {
    const line = readLogLine('{"a":{"b":1,"c":["}",{"d":2}]},"e":"\\"f\\":1,","g":[],"h":{}}');

    expect(line?.members.map((member) => member.name)).toEqual(['a', 'e', 'g', 'h']);
  });

  test('finds, for any object, each member and its value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(2), (object, indent) => {
        const line = readLogLine(JSON.stringify(object, undefined, indent)) as LogLine;

        const found = line.members.map(({ name, valueStart, end }) => [
          name,
          JSON.parse(line.text.slice(valueStart, end)),
        ]);
        expect(found).toEqual(Object.entries(JSON.parse(JSON.stringify(object))));
      }),
    );
  });

  test('takes exactly the objects that JSON.parse takes', () => {
    const pieces = fc.constantFrom(
      ...'{}[]:,"\\-+.eEu019atrnul/ \t\n\r\u0000\u007f\u00a0é\ud800',
      ...['true', 'null', '1e5', '-0', '0.5', '"a"', '\\u00e9', '\\ud8', '"":', '[]', '{}'],
    );
    const edit = fc.record({ at: fc.nat(), cut: fc.nat(2), piece: fc.option(pieces) });
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.nat(2), fc.array(edit, { maxLength: 3 }), (value, indent, edits) => {
        let json = JSON.stringify(value, undefined, indent);
        for (const { at, cut, piece } of edits) {
          const from = at % (json.length + 1);
          json = json.slice(0, from) + (piece ?? '') + json.slice(from + cut);
        }

        const line = readLogLine(json);

        expect(line && JSON.parse(line.text)).toEqual(
          json.startsWith('{') ? parsed(json) : undefined,
        );
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });
});

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
