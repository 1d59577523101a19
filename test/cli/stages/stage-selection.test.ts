import type { Api } from '../../../cli/stages/account-stages';
import { selectApis, selectStages } from '../../../cli/stages/stage-selection';
import { selectionOf } from '../../support/selection';

const apis: Api[] = [
  { id: 'a', name: 'A', type: 'REST', managedBy: undefined },
  { id: 'b', name: 'B', type: 'HTTP', managedBy: undefined },
];
const stages = apis.flatMap((api) =>
  ['dev', 'prod'].map((name) => ({ api, name, accessLog: undefined })),
);

function selected(...args: string[]): string[] {
  const selection = selectionOf(...args);
  const ids = selectApis(selection, apis).map(({ id }) => id);
  return selectStages(
    selection,
    stages.filter(({ api }) => ids.includes(api.id)),
  ).map(({ api, name }) => `${api.id} ${name}`);
}

const cases: { args: string; names: string[] }[] = [
  { args: '--all', names: ['a dev', 'a prod', 'b dev', 'b prod'] },
  { args: '--api a', names: ['a dev', 'a prod'] },
  { args: '--api a --stage prod', names: ['a prod'] },
  { args: '--api a --stage prod --stage dev', names: ['a dev', 'a prod'] },
  { args: '--api a --stage prod --api b --stage dev', names: ['a prod', 'b dev'] },
  { args: '--api a --stage prod --api b', names: ['a prod', 'b dev', 'b prod'] },
  { args: '--api=a --stage=prod --yes --stack S', names: ['a prod'] },
  { args: '--all --type http', names: ['b dev', 'b prod'] },
];

for (const { args, names } of cases) {
  test(`${args} names ${names.join(', ')}`, () => {
    expect(selected(...args.split(' '))).toEqual(names);
  });
}

const refused: { args: string; message: string }[] = [
  { args: '--stage prod --api a', message: '--stage prod: expected an --api before it' },
  { args: '--all --api a', message: '--all and --api exclude each other' },
  { args: '--yes', message: 'which stages? expected --api ID' },
  { args: '--all --type soap', message: '--type: got "soap", expected REST, HTTP, WEBSOCKET' },
  { args: '--api a --type rest', message: '--type: expected with --all only' },
  { args: '--api c', message: '--api: got "c", expected one of: a, b' },
  { args: '--api a --stage x', message: '--stage: API a has no "x", it has: dev, prod' },
];

for (const { args, message } of refused) {
  test(`rejects ${args}`, () => {
    expect(() => selected(...args.split(' '))).toThrow(message);
  });
}

test('lists no more of a large account than one can read', () => {
  const many = Array.from({ length: 40 }, (_, index) => ({
    ...apis[0],
    id: `api${index}`,
  })) as Api[];

  expect(() => selectApis(selectionOf('--api', 'x'), many)).toThrow(/api19 and 20 more$/);
});
