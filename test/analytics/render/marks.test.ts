import { drawSeries, marksByBucket } from '../../../analytics/render/charts/series';
import { light } from '../../../analytics/render/charts/theme';
import { clockOf } from '../../../analytics/render/clock';
import { isTouched, markOf } from '../../../analytics/render/marks';

describe('a change says in a chart', () => {
  test('what it did to what, and who did it', () => {
    expect(
      markOf({
        time: 5,
        effect: 'quota raised',
        settings: 'quota.limit: 1 → 2',
        usage_plan_id: 'p1',
        usage_plan: 'Gold',
        actor: 'eva',
        customer_name: null,
        api_id: null,
      }),
    ).toEqual({
      time: 5,
      text: 'quota raised: Gold, quota.limit: 1 → 2, by eva',
      planId: 'p1',
      plan: 'Gold',
    });
  });

  test('nothing that steers a document, and no novel', () => {
    const { text } = markOf({ time: 1, effect: `\u202e${'😀'.repeat(200)}`, actor: 'x' });

    expect(text.startsWith('\\u202e')).toBe(true);
    expect(text.length).toBeLessThan(200);
    expect(text.isWellFormed()).toBe(true);
  });
});

describe('a change belongs into the charts', () => {
  const ofKey = { time: 1, text: '', customer: 'ACME' };
  const ofPlan = { time: 1, text: '', planId: 'p1', plan: 'Gold' };
  const ofStage = { time: 1, text: '', api: 'a1', stage: 'prod' };
  const gold = new Set(['p1', 'Gold']);

  test.each([
    [ofKey, {}, true],
    [ofKey, { customer: 'ACME' }, true],
    [ofKey, { customer: 'Other' }, false],
    [ofKey, { plan: 'Gold' }, false],
    [ofPlan, { customer: 'ACME' }, true],
    [ofPlan, { plan: 'p1' }, true],
    [ofPlan, { plan: 'Free' }, false],
    [ofPlan, { api: 'a1' }, true],
    [ofStage, { customer: 'ACME' }, true],
    [ofStage, { api: 'b2' }, false],
    [ofStage, { api: 'a1', stage: 'test' }, false],
    [ofStage, { stage: 'prod' }, true],
  ])('%j of %j: %s', (mark, filter, expected) => {
    expect(isTouched(mark, filter, gold)).toBe(expected);
  });

  test('of a customer, if it is about a plan that the customer uses', () => {
    expect(isTouched(ofPlan, { customer: 'ACME' }, new Set(['Free']))).toBe(false);
  });
});

test('marks stand in the bucket of their moment, one line for all of it', () => {
  const at = (time: number) => ({ time, text: `at ${time}` });
  const times = [0, 10, 20];
  const marks = [at(9), at(10), at(19), at(29), at(30), at(-1)];

  expect(
    [...marksByBucket(marks, times, 10)].map(([bucket, own]) => [
      bucket,
      own.map(({ time }) => time),
    ]),
  ).toEqual([
    [0, [9]],
    [1, [10, 19]],
    [2, [29]],
  ]);

  const chart = {
    times,
    step: 10,
    series: [{ name: 'x', color: 'red', values: [1, 2, 3] }],
    isStacked: true,
    isWhole: true,
    format: String,
    clock: clockOf('UTC'),
    theme: light,
    width: 300,
    height: 200,
    label: 'x',
  };
  const titles = JSON.stringify(drawSeries({ ...chart, marks })).match(/at \d+(\\n)?/g);
  expect(titles).toEqual(['at 9', 'at 10\\n', 'at 19', 'at 29']);
});
