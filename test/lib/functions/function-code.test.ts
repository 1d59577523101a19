import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { type Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { bundleFunction } from '../../../lib/functions/bundling';
import { functionCode } from '../../../lib/functions/function-code';
import { testApp } from '../../support/cdk-app';

describe('functionCode', () => {
  const root = mkdtempSync(join(tmpdir(), 'package-'));
  afterAll(() => rmSync(root, { recursive: true }));

  /** The files that are uploaded for a function. */
  function deployed(code: Code): Record<string, string> {
    const app = testApp({ bundle: true });
    const stack = new Stack(app);
    new LambdaFunction(stack, 'Function', {
      code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
    });
    const { directory } = app.synth();
    const [asset = ''] = readdirSync(directory).filter((name) => name.startsWith('asset.'));
    const files = readdirSync(join(directory, asset));
    return Object.fromEntries(
      files.map((file) => [file, readFileSync(join(directory, asset, file), 'utf8')]),
    );
  }

  test('is the bundle of the sources, and nothing else', () => {
    const bundle = readFileSync(bundleFunction('enrich', join(root, 'bundle')), 'utf8');

    expect(deployed(functionCode('enrich'))).toEqual({ 'index.js': bundle });
  });

  test('is the shipped bundle where there are no sources', () => {
    mkdirSync(join(root, 'enrich'), { recursive: true });
    writeFileSync(join(root, 'enrich', 'index.js'), 'exports.handler = null;');

    expect(deployed(functionCode('enrich', root))).toEqual({
      'index.js': 'exports.handler = null;',
    });
  });
});
