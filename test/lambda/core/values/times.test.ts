import fc from 'fast-check';
import { formatToMillisecond, readTime, usualTimeAt } from '../../../../lambda/core/values/times';
import { codePoint } from '../../../support/code-point';
import { fuzzRuns } from '../../../support/fuzz-runs';

describe('readTime', () => {
  const times = [
    { text: '09/Jun/2023:10:11:12 +0000', iso: '2023-06-09T10:11:12.000Z' },
    { text: '31/Dec/2023:23:30:00 -0130', iso: '2024-01-01T01:00:00.000Z' },
    { text: '29/Feb/2024:00:00:00 +0530', iso: '2024-02-28T18:30:00.000Z' },
    { text: '1663811436', iso: '2022-09-22T01:50:36.000Z' },
    { text: '1663811436789', iso: '2022-09-22T01:50:36.789Z' },
    { text: '0', iso: '1970-01-01T00:00:00.000Z' },
    { text: '99999999999', iso: '5138-11-16T09:46:39.000Z' },
    { text: '100000000000', iso: '1973-03-03T09:46:40.000Z' },
    { text: 'May 28 12:30:02 2019 GMT', iso: '2019-05-28T12:30:02.000Z' },
    { text: 'Aug  5 09:36:04 2021 GMT', iso: '2021-08-05T09:36:04.000Z' },
    { text: 'Aug 5 09:36:04 2021 GMT', iso: '2021-08-05T09:36:04.000Z' },
    { text: '2019-08-16T01:40:25Z', iso: '2019-08-16T01:40:25.000Z' },
    { text: '2019-08-16T01:40:25.5+02:00', iso: '2019-08-15T23:40:25.500Z' },
    { text: '2019-08-16T01:40:25.123456789Z', iso: '2019-08-16T01:40:25.123Z' },
    { text: '9999-12-31T23:59:59.999Z', iso: '9999-12-31T23:59:59.999Z' },
  ];
  for (const { text, iso } of times) {
    test(`reads ${text} as ${iso}`, () => {
      const instant = readTime(text);

      expect(instant && formatToMillisecond(instant)).toBe(iso);
    });
  }

  const noTimes = [
    '',
    '-',
    ' 1663811436',
    '1663811436.5',
    '-1663811436',
    '+1663811436',
    '1e9',
    '0x10',
    '253402300800000',
    '1663811436789000',
    '9/Jun/2023:10:11:12 +0000',
    '09/Jun/2023:10:11:12',
    '09/jun/2023:10:11:12 +0000',
    '09/Juni/2023:10:11:12 +0000',
    '31/Jun/2023:10:11:12 +0000',
    '29/Feb/2023:10:11:12 +0000',
    '00/Jun/2023:10:11:12 +0000',
    '09/Jun/0023:10:11:12 +0000',
    '09/Jun/2023:24:00:00 +0000',
    '09/Jun/2023:10:60:12 +0000',
    '09/Jun/2023:10:11:60 +0000',
    '09/Jun/2023:10:11:12 +0060',
    '09/Jun/2023:10:11:12 +2400',
    '09/Jun/2023:10:11:12 +0000 ',
    'May 28 12:30:02 2019',
    'May 28 12:30:02 2019 CET',
    'May  28 12:30:02 2019 GMT',
    'May 32 12:30:02 2019 GMT',
    '2019-08-16',
    '2019-08-16T01:40:25',
    '2019-08-16 01:40:25Z',
    '2019-13-16T01:40:25Z',
    '2019-00-16T01:40:25Z',
    '9999-12-31T23:59:59-01:00',
  ];
  for (const text of noTimes) {
    test(`takes "${text}" for no time`, () => {
      expect(readTime(text)).toBeUndefined();
    });
  }

  test('reads back every time that it writes', () => {
    const epochMs = fc.integer({ min: 0, max: 253_402_300_799_999 });

    fc.assert(
      fc.property(epochMs, (ms) => {
        const instant = { epochMs: ms, hasMilliseconds: true };

        expect(readTime(formatToMillisecond(instant))).toEqual(instant);
      }),
    );
  });

  test('never fails, whatever it is given', () => {
    fc.assert(fc.property(fc.string({ unit: codePoint }), (text) => void readTime(text)));
  });
});

describe('usualTimeAt', () => {
  const usualAt = (text: string) => {
    const bytes = Buffer.from(`"${text}"`);
    return usualTimeAt(bytes, 1, bytes.length - 1);
  };
  const moment = fc.date({ min: new Date(1e11), max: new Date(4e12), noInvalidDate: true });
  const clf = moment.map((date) => {
    const [, day, month, year, time] = date.toUTCString().split(' ');
    return `${day}/${month}/${year}:${time} +0000`;
  });
  const epoch = moment.map((date) => String(date.getTime()).padStart(13, '0'));

  test('reads the spellings of nearly all lines as readTime does', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          clf,
          epoch.filter((text) => !text.startsWith('0')),
        ),
        (text) => {
          expect(usualAt(text)).toEqual(readTime(text));
        },
      ),
    );
  });

  test('reads nothing that readTime does not, and nothing otherwise', () => {
    const spoiled = fc
      .tuple(fc.oneof(clf, epoch), fc.nat(30), fc.constantFrom(...'0129:/ +-JaZ'))
      .map(([text, at, char]) => text.slice(0, at) + char + text.slice(at + 1));
    fc.assert(
      fc.property(spoiled, (text) => {
        const usual = usualAt(text);
        if (usual) expect(usual).toEqual(readTime(text));
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });
});
