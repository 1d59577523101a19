import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '..');

/** What each folder may import: folders of this project, packages, `node:` modules. */
const rooms: { folder: string; allowed: RegExp }[] = [
  { folder: 'lambda/core', allowed: /^(lambda\/core\/|node:(buffer|crypto|zlib)$|aws-lambda$)/ },
  { folder: 'lambda/aws', allowed: /^(lambda\/(core|aws)\/|node:|@aws-sdk\/|@smithy\/)/ },
  {
    folder: 'lambda/account',
    allowed: /^(lambda\/(core|aws|account)\/|node:|@aws-sdk\/|@smithy\/)/,
  },
  { folder: 'lambda/stages', allowed: /^(lambda\/(core|aws|stages)\/|node:|@aws-sdk\/)/ },
  { folder: 'lambda/attach', allowed: /^(lambda\/(core|aws|stages|attach)\/|node:|@aws-sdk\/)/ },
  {
    folder: 'lambda/enrich',
    allowed:
      /^(lambda\/(core|aws|account|enrich)\/|node:|@aws-sdk\/|@smithy\/|@aws-lambda-powertools\/|aws-lambda$)/,
  },
  {
    folder: 'lambda/crawler',
    allowed:
      /^(lambda\/(core|aws|account|crawler)\/|node:|@aws-sdk\/|@aws-lambda-powertools\/|aws-lambda$)/,
  },
  {
    folder: 'analytics',
    allowed:
      /^(analytics\/|lambda\/core\/(fields|spelling|values\/secrets|catalog\/event-members|format\/known\/log-format)$|node:(crypto|zlib)$|topojson-(client|specification)$|world-atlas\/)/,
  },
  {
    folder: 'lambda/api-widgets',
    allowed: /^(lambda\/(core|aws|api-widgets)\/|node:|@aws-sdk\/)/,
  },
  {
    folder: 'lambda/analytics',
    allowed:
      /^(lambda\/(core|aws|analytics)\/|analytics\/|node:|@aws-sdk\/|@aws-lambda-powertools\/|aws-lambda$)/,
  },
  {
    folder: 'lambda/quota',
    allowed: /^(lambda\/(core|aws|account|quota)\/|node:|@aws-sdk\/|@aws-lambda-powertools\/)/,
  },
  { folder: 'emulator', allowed: /^(emulator\/|lambda\/(core|account)\/|node:|@aws-sdk\/)/ },
  {
    folder: 'lib',
    allowed:
      /^(lib\/|analytics\/|lambda\/core\/|node:|aws-cdk-lib|constructs$|esbuild$|@swc\/core$)/,
  },
  {
    folder: 'cli',
    allowed:
      /^(cli\/|analytics\/|emulator\/|lambda\/|package\.json$|@duckdb\/node-api$|node:|@aws-sdk\/|@smithy\/|aws-lambda$|fastest-levenshtein$|hpagent$|proxy-from-env$)/,
  },
  {
    folder: 'bin',
    allowed:
      /^(package\.json$|analytics\/|lib\/|cli\/|node:|aws-cdk-lib|constructs$|cdk-nag$|esbuild$)/,
  },
];

const importedFrom = /^(?:(?:import|export) .*from |\} from |import )'([^']+)';$/gm;

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(importedFrom)].map(([, specifier = '']) =>
    specifier.startsWith('.') ? relative(root, join(root, file, '..', specifier)) : specifier,
  );
}

describe('imports go one way', () => {
  for (const { folder, allowed } of rooms) {
    test(`${folder} imports only what its room may`, () => {
      const files = sourcesIn(folder);
      const strays = files.flatMap((file) =>
        importsOf(file)
          .filter((specifier) => !allowed.test(specifier))
          .map((specifier) => `${file} imports ${specifier}`),
      );

      expect(files.length).toBeGreaterThan(0);
      expect(strays).toEqual([]);
    });
  }

  test('the core reads no environment, no clock and writes to no console', () => {
    for (const file of sourcesIn('lambda/core')) {
      const text = readFileSync(join(root, file), 'utf8');
      expect([file, text.match(/process\.env|Date\.now\(|new Date\(\)|console\./g)]).toEqual([
        file,
        null,
      ]);
    }
  });

  test('there are no barrels', () => {
    const all = rooms.flatMap(({ folder }) => sourcesIn(folder));

    expect(all.filter((file) => file.endsWith('/index.ts'))).toEqual([]);
  });
});
