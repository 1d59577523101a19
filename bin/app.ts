/** The CDK app: one stack with one pipeline, configured by context. */

import { Annotations, App } from 'aws-cdk-lib';
import { AccessLogsStack } from '../lib/app/access-logs-stack';
import { readPipelineConfig } from '../lib/app/pipeline-config';

const app = new App();
const { props, warnings } = orRefuse(() => readPipelineConfig(app.node.getAllContext()));

// A stack for each name, so that a second pipeline never updates the first.
const stackName = props.name ? `access-logs-${props.name}` : 'access-logs';
const stack = orRefuse(
  () =>
    new AccessLogsStack(app, stackName, {
      ...props,
      description: 'API Gateway access logs, with the usage plan and the customer on every line',
    }),
);
for (const warning of warnings) {
  Annotations.of(stack).addWarningV2('apigateway-access-logs:unknownContextKey', warning);
}

/** Whoever mistyped a value needs the line that says so, not where the code noticed. */
function orRefuse<T>(configure: () => T): T {
  try {
    return configure();
  } catch (error) {
    // A mistake in the code, not in the configuration.
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    console.error((error as Error).message);
    process.exit(1);
  }
}
