import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunction } from '../../lib/functions/bundling';

const root = join(__dirname, '..', '..');

// Real processes, each loading the CDK or esbuild, on a machine that may be busy.
jest.setTimeout(120_000);

describe('npm run build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  let output: string;
  beforeAll(() => {
    const tsx = join(root, 'node_modules', '.bin', 'tsx');
    output = execFileSync(tsx, ['bin/build.ts'], { cwd: root, encoding: 'utf8' });
  });

  test('writes the function as the stack deploys it, and says where and how large', () => {
    const deployed = readFileSync(bundleFunction('enrich', folder), 'utf8');
    expect(readFileSync(join(root, 'dist/enrich/index.js'), 'utf8')).toBe(deployed);
    expect(output).toMatch(/^dist\/enrich\/index\.js {2}\d+ KB$/m);
  });

  test('writes a command line that starts without the sources', () => {
    const command = join(folder, 'apigw-logs.js');
    copyFileSync(join(root, 'dist', 'apigw-logs.js'), command);

    const help = execFileSync(process.execPath, [command, '--help'], { encoding: 'utf8' });

    expect(help).toContain('Usage: apigw-logs <command> [options]');
    expect(output).toMatch(/^dist\/apigw-logs\.js {2}\d+ KB$/m);
  });
});
