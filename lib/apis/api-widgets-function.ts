import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { SmallFunction } from '../functions/small-function';
import { acknowledgeWildcard } from '../nag/acknowledge-wildcard';

/** Draws what CloudWatch cannot: it may read metrics and the names of HTTP and WebSocket APIs. */
export class ApiWidgetsFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { role, function: widgets } = new SmallFunction(this, 'Function', {
      name: 'api-widgets',
      description: "Draws the API dashboards' custom widgets",
      reason: 'A viewer waits for it and sees what it says; it keeps nothing.',
      timeout: Duration.seconds(30),
      policies: [
        // CloudWatch has no resources to name.
        new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }),
        new PolicyStatement({
          actions: ['apigateway:GET'],
          resources: [`arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::/apis`],
        }),
      ],
    });
    acknowledgeWildcard(
      role,
      '*',
      'GetMetricData names no resource: it reads metrics of the account.',
    );
    this.function = widgets;
  }
}
