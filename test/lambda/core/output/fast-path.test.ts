import { type WrittenLine, writtenText } from '../../../../lambda/core/output/fast-path';
import { VerbatimBytes } from '../../../../lambda/core/output/verbatim-bytes';
import { catalog, linesOf } from '../../../support/both-ways';
import { base64 } from '../../../support/firehose';

const options = {
  usagePlanField: 'usage_plan',
  customerNameField: 'customer_name',
  apiKeyValues: 'mask',
} as const;
const fastPath = new VerbatimBytes(options);
const written = (line: string) => `${line.slice(0, -1)},"usage_plan":"-","customer_name":"-"}\n`;
const textOf = (line: WrittenLine | undefined) => line && writtenText(line);

/** What the lines of a record become; undefined where the record is left to the general path. */
function textsOf(content: string | Uint8Array): string[] | undefined {
  return linesOf(fastPath, base64(content), catalog)?.map(({ text }) => text);
}

describe('the fast path', () => {
  test('reads a line from a record, from text and from among other bytes', () => {
    const line = '{"ip":"é"}';
    const bytes = Buffer.from(`xx${line}xx`);

    expect(textsOf(line)).toEqual([written(line)]);
    expect(textOf(fastPath.text(line, catalog))).toBe(written(line));
    expect(textOf(fastPath.bytes(bytes, 2, bytes.length - 2, catalog))).toBe(written(line));
  });

  test('leaves a text with half a character', () => {
    expect(fastPath.text('{"ip":"\ud800"}', catalog)).toBeUndefined();
  });

  test('leaves a text of several lines', () => {
    expect(fastPath.text('{"a":1}\n{"a":1}', catalog)).toBeUndefined();
  });

  test('knows an object from what is none', () => {
    const isObject = (text: string) => fastPath.isObject(Buffer.from(text), 0, text.length);

    expect(isObject('{"a":{"b":[1]}}')).toBe(true);
    expect(isObject('{"a":1}{"b":2}')).toBe(false);
    expect(isObject('{"a":1}\n{"b":2}')).toBe(false);
    expect(isObject('{"a":1')).toBe(false);
    expect(isObject('[1]')).toBe(false);
  });
});

describe('a record of several lines', () => {
  const [a, b] = ['{"a":"1"}', '{"b":{"c":null}}'];

  test('is read line by line, whatever ends them', () => {
    for (const content of [`${a}\n${b}`, `${a}\r\n${b}\r\n`, `${a}\n\n${b} \n \n`, `${a}\n ${b}`]) {
      expect(textsOf(content)).toEqual([written(a), written(b)]);
    }
  });

  test('may have any number of them', () => {
    expect(textsOf(`${a}\n`.repeat(20_000))?.length).toBe(20_000);
  });

  const left: readonly (readonly [string, string | Uint8Array])[] = [
    ['no line', '\n\n'],
    ['a line break before the first', `\n${a}`],
    ['a line that is none', `${a}\nx\n${b}`],
    ['objects in a row', `${a}\n${b}${a}`],
    ['an object over several lines', `${a}\n{\n"b":1}`],
    ['what may be an envelope', `${a}\n{"messageType":"DATA_MESSAGE"}`],
    ['bytes that are no UTF-8', Buffer.from(`${a}\n{"b":"\xff"}`, 'latin1')],
    ['a line that is too long', `${a}\n{"b":"${'x'.repeat(50_000)}"}`],
    ['more than an event can hold', `${a}\n`.repeat(500_000)],
  ];
  for (const [title, content] of left) {
    test(`is left as a whole with ${title}`, () => {
      expect(textsOf(content)).toBeUndefined();
    });
  }
});
