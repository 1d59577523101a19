import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context as featureFlags } from '../../cdk.json';

const root = join(__dirname, '..', '..');

// Real processes, each loading the CDK or esbuild, on a machine that may be busy.
jest.setTimeout(120_000);
const outdir = mkdtempSync(join(tmpdir(), 'app-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** A machine without credentials, and where any request to AWS would fail at once. */
const offline = {
  PATH: process.env['PATH'],
  HOME: outdir,
  HTTPS_PROXY: 'http://127.0.0.1:9',
  AWS_EC2_METADATA_DISABLED: 'true',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
};

function run(tool: string, args: string[], environment: Record<string, string> = {}) {
  return spawnSync(join(root, 'node_modules', '.bin', tool), args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...offline, ...environment },
  });
}

/** The app as the CDK's command line starts it. */
function app(context: Record<string, unknown>) {
  return run('tsx', ['bin/app.ts'], {
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }),
  });
}

describe('the app', () => {
  test('synthesizes without credentials and without network', () => {
    const { status, stderr } = run('cdk', ['synth', '--quiet', '--no-notices', '-o', outdir]);

    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/warning|error/i)]);
    expect(existsSync(join(outdir, 'access-logs.template.json'))).toBe(true);
  });

  test('calls the stack after the pipeline, so that a second one stands beside the first', () => {
    expect(app({ name: 'orders' }).status).toBe(0);

    const template = readFileSync(join(outdir, 'access-logs-orders.template.json'), 'utf8');
    expect(template).toContain('"amazon-apigateway-orders"');
  });

  test('ends with the one line that says which value is wrong', () => {
    const { status, stderr } = app({ memorySize: '1GB' });

    expect(status).toBe(1);
    expect(stderr).toBe('memorySize: got "1GB", expected a whole number from 128 to 10240\n');
  });

  test('ends with one line as well where it is a construct that refuses the value', () => {
    const { status, stderr } = app({ alarms: '{"zzz":1}' });

    expect(status).toBe(1);
    expect(stderr).toMatch(/^alarms: got "zzz", expected .*\n$/);
  });

  test('warns of a key that it does not know', () => {
    expect(app({ nmae: 'orders' }).status).toBe(0);

    const metadata = readFileSync(join(outdir, 'access-logs.metadata.json'), 'utf8');
    expect(metadata).toContain('context key \\"nmae\\" is unknown and ignored');
  });
});

describe('cdk.json', () => {
  test('sets every feature flag that this CDK recommends, and no other', () => {
    const recommended = require('aws-cdk-lib/recommended-feature-flags.json');

    expect(featureFlags).toEqual(recommended);
  });
});
