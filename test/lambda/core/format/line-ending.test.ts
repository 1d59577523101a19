import { splitEnding, withoutEnding } from '../../../../lambda/core/format/line-ending';

describe('splitEnding', () => {
  const cases = [
    { text: 'a', parts: ['a', ''] },
    { text: 'a \r\n', parts: ['a', ' \r\n'] },
    { text: 'a\\n', parts: ['a', '\\n'] },
    { text: 'a\\r\\n \n', parts: ['a', '\\r\\n \n'] },
    { text: 'a\\n\\n\\n', parts: ['a\\n', '\\n\\n'] },
    { text: 'a\\t', parts: ['a\\t', ''] },
    { text: '', parts: ['', ''] },
  ];
  for (const { text, parts } of cases) {
    test(`splits ${JSON.stringify(text)}`, () => {
      expect(splitEnding(text)).toEqual(parts);
    });
  }
});

describe('withoutEnding', () => {
  const cases = [
    { line: 'a', isFree: true, formatEnding: '', text: 'a', isCertain: true },
    { line: 'a \n', isFree: true, formatEnding: '', text: 'a ', isCertain: true },
    { line: 'a  ', isFree: true, formatEnding: ' ', text: 'a ', isCertain: true },
    { line: 'a\\n', isFree: true, formatEnding: '', text: 'a', isCertain: false },
    { line: 'a\\n', isFree: true, formatEnding: '\\n', text: 'a', isCertain: true },
    { line: 'a \\n', isFree: true, formatEnding: ' \\n', text: 'a', isCertain: true },
    { line: 'a\\n\\n\\n', isFree: true, formatEnding: '', text: 'a\\n', isCertain: false },
    { line: 'a\\r\\n', isFree: false, formatEnding: '', text: 'a', isCertain: true },
  ];
  for (const { line, isFree, formatEnding, text, isCertain } of cases) {
    test(`reads ${JSON.stringify({ line, isFree, formatEnding })}`, () => {
      expect(withoutEnding(line, { isFree, formatEnding })).toEqual({ text, isCertain });
    });
  }
});
