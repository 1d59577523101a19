import { completenessWarnings } from '../../../analytics/render/completeness';
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
