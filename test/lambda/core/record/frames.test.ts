import fc from 'fast-check';
import { Frames, middleOf } from '../../../../lambda/core/record/frames';
import { skipSeparators } from '../../../../lambda/core/record/separators';

/** The texts of the frames, each cut behind its objects. */
function framesOf(text: string): string[][] {
  const bytes = Buffer.from(text);
  const frames = new Frames(bytes);
  const found: string[][] = [];
  for (let at = skipSeparators(bytes, 0); at < bytes.length; ) {
    const { from, to, ends } = frames.at(at);
    const cuts = [from, ...ends.filter((end) => end < to), to];
    found.push(cuts.slice(1).map((cut, index) => bytes.toString('utf8', cuts[index], cut).trim()));
    at = skipSeparators(bytes, to);
  }
  return found;
}

const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('}', '{', '"', '\\', '}{', '\n', 'é'),
);
const object = fc
  .tuple(
    fc.dictionary(text, fc.oneof(text, fc.dictionary(text, text)), { maxKeys: 3 }),
    fc.boolean(),
  )
  .map(([value, isSpread]) => JSON.stringify(value, undefined, isSpread ? 1 : undefined));
const row = fc.array(object, { minLength: 1, maxLength: 4 });
/** No object, nor what could be the first line of one. */
const word = fc.stringMatching(/^[a-z][a-z \-"}]{0,9}[a-z]$/).map((line) => [line]);

describe('the frames of a record', () => {
  test('are rows of objects, over any number of lines, and lines of anything else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(row, word), { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n', '\n \n\t'),
        (all, separator) => {
          expect(framesOf(all.map((its) => its.join('')).join(separator))).toEqual(all);
        },
      ),
    );
  });

  test('do not hide an object behind one that never closes', () => {
    expect(framesOf('{"a":1\n{"b":2}\n{"c":{\n{"d":4}')).toEqual([
      ['{"a":1'],
      ['{"b":2}'],
      ['{"c":{'],
      ['{"d":4}'],
    ]);
  });

  test('keep what is broken over several lines in one piece', () => {
    expect(framesOf('{\n"apiKey":\n"secret",,\n}\n{"b":2}')).toEqual([
      ['{\n"apiKey":\n"secret",,\n}'],
      ['{"b":2}'],
    ]);
  });

  test('keep the rest of it in one piece behind an object in it that begins a line', () => {
    expect(framesOf('{\n"a":[\n{"b":1}\n],\n"apiKey":[\n"secret"\n],\n"c":"x"y"\n}')).toEqual([
      ['{\n"a":['],
      ['{"b":1}'],
      ['],\n"apiKey":[\n"secret"\n],\n"c":"x"y"\n}'],
    ]);
    expect(framesOf('"apiKey" : [ \n"secret"\n]\n{"b":2}')).toEqual([
      ['"apiKey" : [ \n"secret"\n]'],
      ['{"b":2}'],
    ]);
  });

  test('are lines of columns in quotes, whatever a client has at their ends', () => {
    const lines = ['"a","b",', '"c" /d:', '"e" /f{', '"g" /h[', '"i" "j:"'];

    expect(framesOf(lines.join('\n'))).toEqual(lines.map((line) => [line]));
  });

  test('come apart between two of them, as near to the middle as can be', () => {
    const halves = (record: string) => {
      const middle = middleOf(Buffer.from(record));
      return middle === undefined ? undefined : [record.slice(0, middle), record.slice(middle)];
    };

    expect(halves('{"a":1}\n{"b":2}\n{"c":3}\n{"d":4}\n')).toEqual([
      '{"a":1}\n{"b":2}\n',
      '{"c":3}\n{"d":4}\n',
    ]);
    expect(halves('{"a":1}\n{"long":"xxxxxxxxxxxxxxxxxxxxxx"}')).toEqual([
      '{"a":1}\n',
      '{"long":"xxxxxxxxxxxxxxxxxxxxxx"}',
    ]);
    expect(halves('{"a":1}{"b":2}\n')).toBeUndefined();
  });
});
