import { type WrittenLine, writtenText } from '../../../../lambda/core/output/fast-path';
import { VerbatimBytes } from '../../../../lambda/core/output/verbatim-bytes';
import { catalog } from '../../../support/both-ways';
import { base64 } from '../../../support/firehose';

const options = {
  usagePlanField: 'usage_plan',
  customerNameField: 'customer_name',
  apiKeyValues: 'mask',
} as const;
const fastPath = new VerbatimBytes(options);
const written = (line: string) => `${line.slice(0, -1)},"usage_plan":"-","customer_name":"-"}\n`;
const textOf = (line: WrittenLine | undefined) => line && writtenText(line);

/** What the lines of a record become; undefined where the record is left to the plain way. */
function linesOf(content: string | Uint8Array): string[] | undefined {
  const texts: string[] = [];
  const isRead = fastPath.lines(base64(content), catalog, undefined, (line) => {
    texts.push(writtenText(line));
  });
  return isRead ? texts : undefined;
}

describe('the fast path', () => {
  test('reads a line from a record, from text and from among other bytes', () => {
    const line = '{"ip":"é"}';
    const bytes = Buffer.from(`xx${line}xx`);

    expect(textOf(fastPath.record(base64(line), catalog))).toBe(written(line));
    expect(textOf(fastPath.text(line, catalog))).toBe(written(line));
    expect(textOf(fastPath.bytes(bytes, 2, bytes.length - 2, catalog))).toBe(written(line));
  });

  test('leaves a text with half a character', () => {
    expect(fastPath.text('{"ip":"\ud800"}', catalog)).toBeUndefined();
  });

  test('knows an object from what is none', () => {
    const isObject = (text: string) => fastPath.isObject(Buffer.from(text), 0, text.length);

    expect(isObject('{"a":{"b":[1]}}')).toBe(true);
    expect(isObject('{"a":1}{"b":2}')).toBe(false);
    expect(isObject('{"a":1')).toBe(false);
    expect(isObject('[1]')).toBe(false);
  });
});

describe('a record of several lines', () => {
  const [a, b] = ['{"a":"1"}', '{"b":{"c":null}}'];

  test('is read line by line, whatever ends them', () => {
    for (const content of [`${a}\n${b}`, `${a}\r\n${b}\r\n`, `\n${a}\n\n${b} \n\n`]) {
      expect(linesOf(content)).toEqual([written(a), written(b)]);
    }
  });

  const left: readonly (readonly [string, string | Uint8Array])[] = [
    ['a single line', a],
    ['no line', '\n\n'],
    ['a line that is none', `${a}\nx\n${b}`],
    ['objects in a row', `${a}\n${b}${a}`],
    ['an object over several lines', `${a}\n{\n"b":1}`],
    ['a line of blanks', `${a}\n \n${b}`],
    ['what may be an envelope', `${a}\n{"messageType":"DATA_MESSAGE"}`],
    ['bytes that are no UTF-8', Buffer.from(`${a}\n{"b":"\xff"}`, 'latin1')],
    ['more than is read at once', `${a}\n`.repeat(6_000)],
  ];
  for (const [title, content] of left) {
    test(`is left as a whole with ${title}`, () => {
      expect(linesOf(content)).toBeUndefined();
    });
  }
});
