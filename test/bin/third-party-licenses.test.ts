import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { type BundledPackage, licensesText, packagesOf } from '../../bin/third-party-licenses';
import { bundleFunction, functionNames, packageRoot } from '../../lib/functions/bundling';

/** What asks for nothing but its text beside the code. A licence of another kind needs a look first. */
const known = [
  'Apache-2.0',
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-3-Clause',
  '0BSD',
  'CC0-1.0',
  '(MIT OR CC0-1.0)',
];

describe('the packages in the bundles', () => {
  let packages: BundledPackage[];

  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
    const inputs = new Set<string>();
    for (const name of functionNames) {
      bundleFunction(name, join(folder, name), (files) => {
        for (const file of files) inputs.add(file);
      });
    }
    const { metafile } = buildSync({
      absWorkingDir: packageRoot,
      entryPoints: ['bin/apigw-logs.ts'],
      bundle: true,
      platform: 'node',
      mainFields: ['module', 'main'],
      external: ['esbuild', '@duckdb/node-api'],
      metafile: true,
      write: false,
      logLevel: 'error',
    });
    for (const file of Object.keys(metafile?.inputs ?? {})) inputs.add(file);
    packages = packagesOf(inputs, packageRoot);
    rmSync(folder, { recursive: true });
  });

  test('are under licences that we know', () => {
    const others = packages.filter(({ license }) => !known.includes(license));

    expect(packages.length).toBeGreaterThan(20);
    expect(others.map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
  });

  test('are all named, each with a licence', () => {
    const text = licensesText(packages);

    for (const { name, version } of packages) expect(text).toContain(`${name} ${version} (`);
    expect(text).toContain('Apache License');
  });
});
