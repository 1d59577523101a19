import { App } from 'aws-cdk-lib';
import { context } from '../../cdk.json';

/** An app with the feature flags of the real one; functions are not bundled unless asked for. */
export function testApp(options: { readonly bundle?: boolean } = {}): App {
  return new App({
    context: { ...context, ...(options.bundle ? {} : { 'aws:cdk:bundling-stacks': [] }) },
  });
}
