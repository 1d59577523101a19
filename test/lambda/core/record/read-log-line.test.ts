import fc from 'fast-check';
import type { LogLine } from '../../../../lambda/core/record/log-line';
import { readLogLine } from '../../../../lambda/core/record/read-log-line';

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
});
