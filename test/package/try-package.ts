/**
 * Packs the package, installs the tarball into a fresh app, and holds it to what it promises there:
 * types, synthesis without esbuild, the function's code, and the command line. Only
 * the step with the oldest CDK takes that one from the registry.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { context } from '../../cdk.json';
import { logFormat } from '../../lambda/core/format/known/log-format';
import { peerDependencies } from '../../package.json';
import { runSteps, type Step } from '../support/steps';

const root = join(__dirname, '..', '..');
const fresh = mkdtempSync(join(tmpdir(), 'fresh-app-'));
const packed = join(fresh, 'node_modules', 'apigateway-access-logs');
const out = join(fresh, 'cdk.out');

function run(command: string, args: readonly string[], cwd = fresh, env = {}): string {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: out, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function ours(...path: string[]): string {
  return join(root, 'node_modules', ...path);
}

// biome-ignore lint/suspicious/noExplicitAny: a template says what it says
type Properties = any;

interface Resource {
  readonly Type: string;
  readonly Properties: Properties;
}

/** The resources of a type, by their logical ids. */
function resources(stack: string, type: string): [id: string, properties: Properties][] {
  const template = JSON.parse(readFileSync(join(out, `${stack}.template.json`), 'utf8'));
  return Object.entries<Resource>(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, resource]) => [id, resource.Properties]);
}

/** How the package is made is for those who have its repository. */
function isForUsers(file: string): boolean {
  return file.endsWith('.md') && !/architecture|CONTRIBUTING/.test(file);
}

/** The links of a page in the tarball to files that are not in it. */
function deadLinks(files: readonly string[]): (page: string) => string[] {
  const isPacked = (path: string) =>
    files.some((file) => file === path || file.startsWith(join(path, '/')));
  return (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    return Array.from(text.matchAll(/\]\(([^)#]+)[^)]*\)/g), ([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link) && !isPacked(join(dirname(page), link)))
      .map((link) => `${page}: ${link}`);
  };
}

const steps: Step[] = [
  {
    title: 'the tarball holds what others need, and no sources',
    check() {
      const said = run('npm', ['pack', '--json', '--pack-destination', fresh], root);
      // What builds the package before it is packed says its piece first.
      const [packing] = JSON.parse(said.slice(said.indexOf('[\n')));
      const files: string[] = packing.files.map(({ path }: { path: string }) => path);
      for (const file of ['dist/lib/public.js', 'dist/enrich/index.js', 'dist/apigw-logs.js']) {
        assert.ok(files.includes(file), file);
      }
      const strays = files.filter((file) => /^(test|lambda|lib|cli|\.)/.test(file));
      assert.deepEqual(strays, []);
      assert.deepEqual(files.filter(isForUsers).flatMap(deadLinks(files)), []);
      writeFileSync(join(fresh, 'package.json'), '{"name":"fresh","private":true}');
      // The app has a CDK of its own: ours stands for it, and nothing else of ours.
      mkdirSync(join(fresh, 'node_modules'));
      const install = ['install', '--offline', '--no-audit', '--no-fund', '--legacy-peer-deps'];
      run('npm', [...install, join(fresh, packing.filename)]);
      for (const name of ['aws-cdk-lib', 'constructs', '@types']) {
        symlinkSync(ours(name), join(fresh, 'node_modules', name));
      }
      assert.ok(!existsSync(join(fresh, 'node_modules', 'esbuild')));
    },
  },
  {
    title: "a fresh app compiles against the package's types",
    check() {
      cpSync(join(__dirname, 'app'), fresh, { recursive: true });
      run(ours('.bin', 'tsc'), ['-p', '.']);
    },
  },
  {
    title: 'and synthesizes without esbuild and without our sources',
    check() {
      run(process.execPath, ['app.js'], fresh, { CDK_CONTEXT_JSON: JSON.stringify(context) });
      assert.ok(existsSync(join(out, 'Ready.template.json')));
    },
  },
  {
    title: 'the REST stage logs to the stream, in its format',
    check() {
      const [[, stage] = []] = resources('Fresh', 'AWS::ApiGateway::Stage');
      const [[streamId] = ['']] = resources('Fresh', 'AWS::KinesisFirehose::DeliveryStream');
      assert.deepEqual(stage?.AccessLogSetting, {
        DestinationArn: { 'Fn::GetAtt': [streamId, 'Arn'] },
        Format: logFormat('REST'),
      });
    },
  },
  {
    title: 'the HTTP and the WebSocket stage log to subscribed log groups, in their formats',
    check() {
      const formats = resources('Fresh', 'AWS::ApiGatewayV2::Stage').map(
        ([, { AccessLogSettings }]) => AccessLogSettings.Format,
      );
      assert.deepEqual(formats.sort(), [logFormat('HTTP'), logFormat('WEBSOCKET')].sort());
      assert.equal(resources('Fresh', 'AWS::Logs::SubscriptionFilter').length, 2);
    },
  },
  {
    title: 'the properties arrive',
    check() {
      const [[, stream] = []] = resources('Fresh', 'AWS::KinesisFirehose::DeliveryStream');
      const { Prefix } = stream?.ExtendedS3DestinationConfiguration ?? {};
      assert.match(Prefix, /^logs\/customer=!\{partitionKeyFromLambda:partition\}\//);
      const names = resources('Fresh', 'AWS::CloudWatch::Alarm').map(
        ([, { AlarmName }]) => AlarmName,
      );
      assert.ok(names.includes('orders-unknown-keys'));
      assert.ok(!names.includes('orders-function-slow'));
    },
  },
  {
    title: 'with the oldest CDK that the package says it works with, too',
    check() {
      const oldest = Object.entries(peerDependencies)
        .filter(([name]) => ['aws-cdk-lib', 'constructs'].includes(name))
        .map(([name, range]) => `${name}@${range.replace('^', '')}`);
      const app = join(fresh, 'oldest');
      mkdirSync(app);
      writeFileSync(join(app, 'package.json'), '{"name":"oldest","private":true}');
      run('npm', ['install', '--no-audit', '--no-fund', ...oldest], app);
      cpSync(packed, join(app, 'node_modules', 'apigateway-access-logs'), { recursive: true });
      cpSync(join(fresh, 'app.js'), join(app, 'app.js'));
      run(process.execPath, ['app.js'], app, {
        CDK_OUTDIR: join(app, 'cdk.out'),
        CDK_CONTEXT_JSON: JSON.stringify(context),
      });
      assert.ok(existsSync(join(app, 'cdk.out', 'Ready.template.json')));
    },
  },
  {
    title: "the function's code is the bundle that was packed",
    check() {
      const { files } = JSON.parse(readFileSync(join(out, 'Fresh.assets.json'), 'utf8'));
      const code = Object.values<{ source: { path: string } }>(files)
        .map(({ source }) => join(out, source.path, 'index.js'))
        .filter((file) => existsSync(file))
        .map((file) => readFileSync(file, 'utf8'));
      assert.ok(code.includes(readFileSync(join(packed, 'dist', 'enrich', 'index.js'), 'utf8')));
    },
  },
  {
    title: 'the command line runs, samples included',
    check() {
      const command = join(fresh, 'node_modules', '.bin', 'apigw-logs');
      assert.match(run(command, ['--help']), /Usage: apigw-logs <command>/);
      assert.match(run(command, ['invoke']), /usage_plan/);
    },
  },
];

runSteps(steps).then((failures) => {
  rmSync(fresh, { recursive: true });
  process.exitCode = failures;
});
