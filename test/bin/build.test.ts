import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunction } from '../../lib/bundling';

const root = join(__dirname, '..', '..');

// Real processes, each loading the CDK or esbuild, on a machine that may be busy.
jest.setTimeout(120_000);

describe('npm run build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('writes the function as the stack deploys it, and says where and how large', () => {
    const tsx = join(root, 'node_modules', '.bin', 'tsx');

    const output = execFileSync(tsx, ['bin/build.ts'], { cwd: root, encoding: 'utf8' });

    const deployed = readFileSync(bundleFunction('enrich', folder), 'utf8');
    expect(readFileSync(join(root, 'dist/enrich/index.js'), 'utf8')).toBe(deployed);
    expect(output).toMatch(/^dist\/enrich\/index\.js {2}\d+ KB$/m);
  });
});
