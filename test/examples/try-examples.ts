/** Synthesizes each app of examples/ as its own comment says, and looks at what comes out. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSteps, type Step } from '../support/steps';

const root = join(__dirname, '..', '..');
const out = mkdtempSync(join(tmpdir(), 'examples-'));
const examples = readdirSync(join(root, 'examples'));

/** A type of resource that each example is there to show. */
const shown: Readonly<Record<string, readonly string[]>> = {
  'rest-with-plans': ['AWS::ApiGateway::UsagePlanKey', 'AWS::Glue::Table'],
  'http-and-websocket': ['AWS::Logs::SubscriptionFilter'],
  'existing-stages': ['AWS::CloudWatch::Dashboard', 'AWS::SQS::Queue'],
};

const steps: Step[] = examples.map((name) => ({
  title: `examples/${name} synthesizes`,
  check() {
    const folder = join(out, name);
    const app = `npx tsx examples/${name}/app.ts`;
    const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
    execFileSync(
      process.execPath,
      [cdk, 'synth', '--quiet', '--no-notices', '--app', app, '-o', folder],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const [template = ''] = readdirSync(folder).filter((file) => file.endsWith('.template.json'));
    const types = Object.values<{ Type: string }>(
      JSON.parse(readFileSync(join(folder, template), 'utf8')).Resources,
    ).map(({ Type }) => Type);
    for (const type of [
      'AWS::KinesisFirehose::DeliveryStream',
      ...(shown[name] ?? ['add a row']),
    ]) {
      assert.ok(types.includes(type), `${name} has no ${type}`);
    }
  },
}));

runSteps(steps).then((failures) => {
  rmSync(out, { recursive: true });
  process.exitCode = failures;
});
