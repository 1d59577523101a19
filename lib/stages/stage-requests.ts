/** What API Gateway counts of a stage, whether or not its access log arrives. */

import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ApiType } from '../../lambda/core/format/known/log-format';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html */
export function restRequests(apiName: string, stageName: string): IMetric {
  return requests('Count', { ApiName: apiName, Stage: stageName });
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
export function v2Requests(
  apiType: Exclude<ApiType, 'REST'>,
  apiId: string,
  stageName: string,
): IMetric {
  const metricName = apiType === 'HTTP' ? 'Count' : 'ConnectCount';
  return requests(metricName, { ApiId: apiId, Stage: stageName });
}

function requests(metricName: string, dimensionsMap: Record<string, string>): IMetric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap,
    statistic: Stats.SUM,
    period: Duration.minutes(5),
  });
}
