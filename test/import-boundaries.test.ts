import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '..');

/** What each folder may import: folders of this project, packages, `node:` modules. */
const folders: { folder: string; allowed: RegExp }[] = [
  { folder: 'lambda/core', allowed: /^(lambda\/core\/|node:(buffer|crypto|zlib)$|aws-lambda$)/ },
  {
    folder: 'lambda/aws',
    allowed: /^(lambda\/(core|aws)\/|analytics\/result$|node:|@aws-sdk\/|@smithy\/)/,
  },
  {
    folder: 'lambda/account',
    allowed: /^(lambda\/(core|aws|account)\/|node:|@aws-sdk\/|@smithy\/)/,
  },
  { folder: 'lambda/stages', allowed: /^(lambda\/(core|aws|stages)\/|node:|@aws-sdk\/)/ },
  { folder: 'lambda/attach', allowed: /^(lambda\/(core|aws|stages|attach)\/|node:|@aws-sdk\/)/ },
  {
    folder: 'lambda/enrich',
    allowed: /^(lambda\/(core|aws|account|enrich)\/|node:|@aws-sdk\/|@smithy\/|aws-lambda$)/,
  },
  {
    folder: 'lambda/crawler',
    allowed: /^(lambda\/(core|aws|account|crawler)\/|node:|@aws-sdk\/|aws-lambda$)/,
  },
  {
    folder: 'analytics',
    allowed:
      /^(analytics\/|lambda\/core\/(fields|json|spelling|values\/secrets|catalog\/event-members|format\/known\/log-format)$|node:(crypto|zlib)$|topojson-(client|specification)$|world-atlas\/)/,
  },
  { folder: 'lambda/widgets', allowed: /^analytics\/render\/escape$/ },
  {
    folder: 'lambda/api-widgets',
    allowed:
      /^(lambda\/(core|aws|widgets|api-widgets)\/|analytics\/render\/escape$|node:|@aws-sdk\/)/,
  },
  {
    folder: 'lambda/log-widgets',
    allowed: /^(lambda\/(aws|widgets|log-widgets)\/|analytics\/|node:|@aws-sdk\/)/,
  },
  {
    folder: 'lambda/analytics',
    allowed: /^(lambda\/(core|aws|page|analytics)\/|analytics\/|node:|@aws-sdk\/|aws-lambda$)/,
  },
  { folder: 'lambda/page', allowed: /^(analytics\/render\/page$|node:)/ },
  {
    folder: 'lambda/quota',
    allowed: /^(lambda\/(core|aws|account|quota)\/|node:|@aws-sdk\/)/,
  },
  {
    folder: 'lambda/change-watch',
    allowed: /^(lambda\/(core|aws|change-watch)\/|analytics\/audit\/|node:|@aws-sdk\/)/,
  },
  {
    folder: 'lambda/change-extract',
    allowed:
      /^(lambda\/(core|aws|change-extract)\/|analytics\/|node:|@aws-sdk\/|aws-lambda$|hyparquet-writer$)/,
  },
  { folder: 'emulator', allowed: /^(emulator\/|lambda\/(core|account)\/|node:|@aws-sdk\/)/ },
  {
    folder: 'lib',
    allowed:
      /^(lib\/|analytics\/|lambda\/(core|page)\/|node:|aws-cdk-lib|constructs$|esbuild$|@swc\/core$)/,
  },
  {
    folder: 'cli',
    allowed:
      /^(cli\/|analytics\/|emulator\/|lambda\/|package\.json$|@duckdb\/node-api$|hyparquet$|hyparquet-writer\/|node:|@aws-sdk\/|@smithy\/|aws-lambda$|hpagent$|proxy-from-env$)/,
  },
  {
    folder: 'bin',
    allowed:
      /^(bin\/|package\.json$|analytics\/|lambda\/page\/|lib\/|cli\/|node:|aws-cdk-lib|constructs$|cdk-nag$|esbuild$)/,
  },
];

/**
 * The layers of the core from the top down: a file imports of its own folder and of folders further
 * down. The last ones are files, which every folder may use.
 */
const coreLayers = [
  'api-metrics',
  'batch',
  'output',
  'settings',
  'attribution',
  'format',
  'values',
  'record',
  'bytes',
  'catalog',
  'metrics',
  'nearest',
  'folders',
  'names',
  'spelling',
  'fields',
  'json',
];

const importedFrom = /^(?:(?:import|export) .*from |\} from |import )'([^']+)';$/gm;

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

/** The place of a file of the core in its order: that of its folder, or of its own name where it stands in none. */
function layerOf(file: string): number {
  const [name = ''] = relative('lambda/core', file).replace(/\.ts$/, '').split('/');
  return coreLayers.indexOf(name);
}

/** A walk from file to file by imports that comes back to where it began; empty where there is none. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const way: string[] = [];
  const walk = (file: string): string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return [];
    way.push(file);
    for (const imported of imports.get(file) ?? []) {
      const circle = walk(imported);
      if (circle.length > 0) return circle;
    }
    way.pop();
    done.add(file);
    return [];
  };
  for (const file of imports.keys()) {
    const circle = walk(file);
    if (circle.length > 0) return circle;
  }
  return [];
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(importedFrom)].map(([, specifier = '']) =>
    specifier.startsWith('.') ? relative(root, join(root, file, '..', specifier)) : specifier,
  );
}

describe('imports go one way', () => {
  for (const { folder, allowed } of folders) {
    test(`${folder} imports only what it may`, () => {
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

  test('no files import each other in a circle', () => {
    const files = ['analytics', 'bin', 'cli', 'emulator', 'lambda', 'lib'].flatMap(sourcesIn);
    const imports = new Map(
      files.map((file) => [file, importsOf(file).map((imported) => `${imported}.ts`)]),
    );

    expect(circleIn(imports)).toEqual([]);
  });

  test('a circle is found, if there is one', () => {
    const imports = { 'a.ts': ['b.ts'], 'b.ts': ['c.ts', 'd.ts'], 'c.ts': [], 'd.ts': ['b.ts'] };

    expect(circleIn(new Map(Object.entries(imports)))).toEqual(['b.ts', 'd.ts', 'b.ts']);
  });

  test('every folder of the core stands on those below it', () => {
    const files = sourcesIn('lambda/core');
    const upward = files.flatMap((file) =>
      importsOf(file)
        .filter((imported) => imported.startsWith('lambda/core/'))
        .filter((imported) => layerOf(imported) < layerOf(file))
        .map((imported) => `${file} imports ${imported}`),
    );

    expect(files.filter((file) => layerOf(file) < 0)).toEqual([]);
    expect(upward).toEqual([]);
  });

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
    const all = folders.flatMap(({ folder }) => sourcesIn(folder));

    expect(all.filter((file) => file.endsWith('/index.ts'))).toEqual([]);
  });
});
