import { apiGateway } from '../../../cli/stages/api-gateway';
import { readStages } from '../../../cli/stages/read-stages';
import { type AwsAccount, startAwsAccount } from '../../support/aws-account';
import { selectionOf } from '../../support/selection';
import { mixedApis, restApis } from '../../support/stages';

let account: AwsAccount;

afterEach(() => account.close());

function read(...args: string[]) {
  const shown: string[] = [];
  const progress = { show: (text: string) => shown.push(text), clear: () => shown.push('') };
  const stages = readStages(apiGateway(), selectionOf(...args), progress);
  return { stages, shown };
}

test('reads every page of APIs and of stages, and says how far it is', async () => {
  const stages = { a: undefined, b: undefined, c: undefined };
  const http = { id: 'http', name: 'web', type: 'HTTP' as const, stages };
  account = await startAwsAccount({ apis: [...restApis(5), http] });

  const { stages: reading, shown } = read('--all');

  expect((await reading).map(({ api, name }) => `${api.id} ${name}`)).toEqual([
    ...restApis(5).map(({ id }) => `${id} prod`),
    'http a',
    'http b',
    'http c',
  ]);
  expect(shown).toEqual(expect.arrayContaining(['reading APIs', 'reading stages  0/6 APIs']));
  expect(shown.at(-1)).toBe('');
});

test('asks for the stages of named APIs only', async () => {
  account = await startAwsAccount({ apis: restApis(5) });

  await read('--api', 'rest3').stages;

  const paths = account.controlPlane.calls.map(({ path }) => path);
  expect(paths.filter((path) => path.endsWith('/stages'))).toEqual(['/restapis/rest3/stages']);
});

test('an API that is deleted meanwhile is none', async () => {
  account = await startAwsAccount({ apis: mixedApis() });
  account.controlPlane.fault = ({ path }) =>
    path === '/restapis/rest1/stages' || path === '/v2/apis/ws1/stages'
      ? { status: 404, errorType: 'NotFoundException' }
      : undefined;

  expect((await read('--all').stages).map(({ api }) => api.id)).toEqual(['http1']);
});

test('fails as a whole where it may not read', async () => {
  account = await startAwsAccount({ apis: mixedApis() });
  account.controlPlane.fault = ({ path }) =>
    path === '/v2/apis' ? { status: 403, errorType: 'AccessDeniedException' } : undefined;

  await expect(read('--all').stages).rejects.toThrow('AccessDeniedException');
});
