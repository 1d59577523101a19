import { CfnParameter, Duration, Size, Stack, Token } from 'aws-cdk-lib';
import { checkDuration, checkSize } from '../../../lib/props/measures';

const range = { min: 1, max: 100 };

describe('measures', () => {
  test('are in seconds and MiB', () => {
    expect(checkDuration('wait', Duration.minutes(1), range)).toBe(60);
    expect(checkSize('room', Size.kibibytes(2048), range)).toBe(2);
  });

  test('may be either end of the range', () => {
    for (const end of [1, 100]) {
      expect(checkDuration('wait', Duration.seconds(end), range)).toBe(end);
      expect(checkSize('room', Size.mebibytes(end), range)).toBe(end);
    }
  });

  const refused: { title: string; act: () => void; message: string }[] = [
    {
      title: 'a duration below the range',
      act: () => checkDuration('wait', Duration.seconds(0), range),
      message: 'wait: got "0 seconds", expected whole seconds from 1 to 100',
    },
    {
      title: 'a duration above the range',
      act: () => checkDuration('wait', Duration.minutes(2), range),
      message: 'wait: got "120 seconds", expected whole seconds from 1 to 100',
    },
    {
      title: 'a size one below the range',
      act: () => checkSize('room', Size.mebibytes(0), range),
      message: 'room: got "0 MiB", expected whole MiB from 1 to 100',
    },
    {
      title: 'a size one above the range',
      act: () => checkSize('room', Size.mebibytes(101), range),
      message: 'room: got "101 MiB", expected whole MiB from 1 to 100',
    },
    {
      title: 'a fraction of a second',
      act: () => checkDuration('wait', Duration.millis(1500), range),
      message: 'wait: got "1.5 seconds", expected whole seconds from 1 to 100',
    },
    {
      title: 'a fraction of a MiB',
      act: () => checkSize('room', Size.kibibytes(512), range),
      message: 'room: got "0.5 MiB", expected whole MiB from 1 to 100',
    },
    {
      title: 'with the reason for the range',
      act: () => checkSize('room', Size.gibibytes(1), { ...range, note: 'with windows' }),
      message: 'room: got "1024 MiB", expected whole MiB from 1 to 100 with windows',
    },
  ];
  for (const { title, act, message } of refused) {
    test(`rejects ${title}`, () => {
      expect(act).toThrow(message);
    });
  }

  test('that are known at deployment only are passed on', () => {
    const stack = new Stack();
    const parameter = new CfnParameter(stack, 'P', { type: 'Number' }).valueAsNumber;

    const seconds = checkDuration('wait', Duration.seconds(parameter), range);

    expect(Token.isUnresolved(seconds)).toBe(true);
    expect(stack.resolve(seconds)).toEqual({ Ref: 'P' });
  });
});
