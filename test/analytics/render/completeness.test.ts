import { panelOf } from '../../../analytics/panels/all';
import { completenessHint, completenessWarnings } from '../../../analytics/render/completeness';
import { completeness } from '../../support/sample-page';

const filesUnread = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ name: `logs/${at}.log`, reason: 'is UTF-16' }));

describe('files that could not be read', () => {
  const warned = (count: number) =>
    completenessWarnings({ ...completeness, unreadFiles: filesUnread(count) })[0];

  test('are all named, each with its reason', () => {
    expect(warned(2)).toBe('Not read: logs/0.log (is UTF-16), logs/1.log (is UTF-16).');
    expect(warned(10)).toMatch(/logs\/9\.log \(is UTF-16\)\.$/);
  });

  test('are counted where they are many', () => {
    expect(warned(1_250)).toMatch(/logs\/9\.log \(is UTF-16\), and 1,240 more\.$/);
    expect(warned(1_250)).not.toContain('logs/10.log');
  });
});

describe('what a panel lacks', () => {
  const found = { ...completeness, unattributed: 528 };

  test('is told of the requests that it shows', () => {
    const hint = (shown?: { requests: number; unattributed: number }) =>
      completenessHint(found, panelOf('customers'), shown);

    expect(hint()).toBe('13.2% of requests have a key but no plan.');
    expect(hint({ requests: 100, unattributed: 50 })).toBe(
      '50.0% of requests have a key but no plan.',
    );
    expect(hint({ requests: 100, unattributed: 0 })).toBeUndefined();
    expect(hint({ requests: 0, unattributed: 0 })).toBeUndefined();
  });

  test('is told of all lines where nobody knows whose they are', () => {
    expect(completenessHint({ ...found, unparsed: 412 }, panelOf('traffic'))).toBe(
      '10.0% of all lines could not be counted.',
    );
  });
});
