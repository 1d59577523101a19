/** What the pipeline's own health is read from: the services' metrics and the function's. */

import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  METRIC_DIMENSION,
  METRIC_NAMESPACE,
  type MetricName,
  metricNames,
} from '../../lambda/core/metrics';

/** S3's request metrics count what this filter of the bucket's selects. */
export const ERRORS_METRIC_FILTER = 'errors';

export interface PipelineParts {
  /** The pipeline's name. */
  readonly name: string;
  readonly streamName: string;
  readonly bucket: IBucket;
  readonly enrichmentFunction: IFunction;
  /** What Firehose's metrics call the destination. */
  readonly destination: 'S3' | 'HttpEndpoint';
}

const period = Duration.minutes(5);

export class PipelineMetrics {
  readonly #parts: PipelineParts;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  /** One of the stream's. */
  firehose(metricName: string, statistic: string): Metric {
    return new Metric({
      namespace: 'AWS/Firehose',
      metricName,
      dimensionsMap: { DeliveryStreamName: this.#parts.streamName },
      statistic,
      period,
    });
  }

  /** One of the stream's deliveries, such as `DataFreshness`. */
  delivery(name: 'DataFreshness' | 'Records' | 'Success', statistic: string): Metric {
    return this.firehose(`DeliveryTo${this.#parts.destination}.${name}`, statistic);
  }

  /** One that the function emits. */
  own(metricName: MetricName, statistic: string = Stats.SUM, over: Duration = period): Metric {
    return new Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      dimensionsMap: { [METRIC_DIMENSION]: this.#parts.name },
      statistic,
      period: over,
    });
  }

  lambda(name: 'Errors' | 'Throttles' | 'Duration' | 'Invocations', statistic: string): Metric {
    return this.#parts.enrichmentFunction.metric(name, { statistic, period });
  }

  /** Objects that Firehose has put under `errors/`; large ones it uploads in parts, by POST. */
  objectsUnderErrors(): MathExpression {
    const requests = (metricName: string) =>
      new Metric({
        namespace: 'AWS/S3',
        metricName,
        dimensionsMap: {
          BucketName: this.#parts.bucket.bucketName,
          FilterId: ERRORS_METRIC_FILTER,
        },
        statistic: Stats.SUM,
        period,
      });
    return new MathExpression({
      label: 'objects under errors/',
      expression: 'FILL(put, 0) + FILL(post, 0)',
      usingMetrics: { put: requests('PutRequests'), post: requests('PostRequests') },
      period,
    });
  }

  /**
   * Success of what goes to the bucket beside the destination. Beside an HTTP endpoint it counts as a
   * delivery to S3: only S3 destinations have metrics of backups
   * (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html).
   */
  backupSuccess(): Metric {
    const name = this.#parts.destination === 'S3' ? 'BackupToS3' : 'DeliveryToS3';
    return this.firehose(`${name}.Success`, Stats.AVERAGE);
  }

  /**
   * Log events that CloudWatch Logs could not put into the stream, of all log groups that are subscribed
   * under its name. By a query, since the dimensions of this metric are not all documented.
   */
  subscriptionErrors(): MathExpression {
    return new MathExpression({
      label: 'log events not passed on',
      expression: `SELECT SUM(DeliveryErrors) FROM "AWS/Logs" WHERE FilterName = '${this.#parts.streamName}'`,
      period,
    });
  }

  /** 1 while attached stages answer requests and no record comes in. */
  unheard(requests: readonly IMetric[]): MathExpression {
    const ids = requests.map((_, index) => `requests${index}`);
    const sum = ids.map((id) => `FILL(${id}, 0)`).join(' + ');
    return new MathExpression({
      label: 'requests, and no record',
      expression: `IF(${sum} >= 10 AND FILL(received, 0) == 0, 1, 0)`,
      usingMetrics: {
        received: this.firehose('IncomingRecords', Stats.SUM),
        ...Object.fromEntries(requests.map((metric, index) => [`requests${index}`, metric])),
      },
      period,
    });
  }

  /** 1 while records come in and none are delivered. */
  stalled(): MathExpression {
    return new MathExpression({
      label: 'records in, none delivered',
      expression: 'IF(FILL(received, 0) > 0 AND FILL(delivered, 0) == 0, 1, 0)',
      usingMetrics: {
        received: this.firehose('IncomingRecords', Stats.SUM),
        delivered: this.delivery('Records', Stats.SUM),
      },
      period,
    });
  }

  /**
   * The age of the newest catalog in use, in seconds, while there are lines with keys: without any, no
   * container has a reason to load it again.
   */
  catalogAge(): MathExpression {
    return new MathExpression({
      label: 'age of usage plans',
      expression: `IF(${keyedLines} > 0, age, 0)`,
      usingMetrics: {
        ...this.#keyedLines(period),
        age: this.own(metricNames.catalogAgeSeconds, Stats.MINIMUM),
      },
      period,
    });
  }

  /** Lines with an unknown key in percent of those with any; 0 where there are too few. */
  unknownKeyShare(minimumLines: number): MathExpression {
    const over = Duration.minutes(15);
    return new MathExpression({
      label: '% lines with an unknown key',
      expression: `IF(${keyedLines} >= ${minimumLines}, 100 * unknown / (${keyedLines}), 0)`,
      usingMetrics: this.#keyedLines(over),
      period: over,
    });
  }

  /** The stream's faults with a customer's key; each counts what it could not encrypt. */
  keyFaults(): MathExpression {
    const faults = {
      denied: 'KMSKeyAccessDenied',
      disabled: 'KMSKeyDisabled',
      invalid: 'KMSKeyInvalidState',
      missing: 'KMSKeyNotFound',
    };
    return new MathExpression({
      label: 'faults with the encryption key',
      expression: Object.keys(faults)
        .map((id) => `FILL(${id}, 0)`)
        .join(' + '),
      usingMetrics: Object.fromEntries(
        Object.entries(faults).map(([id, name]) => [id, this.firehose(name, Stats.SUM)]),
      ),
      period,
    });
  }

  #keyedLines(over: Duration): Record<string, Metric> {
    return {
      enriched: this.own(metricNames.linesEnriched, Stats.SUM, over),
      unplanned: this.own(metricNames.linesNoPlanForStage, Stats.SUM, over),
      unknown: this.own(metricNames.linesUnknownKey, Stats.SUM, over),
    };
  }
}

const keyedLines = '(FILL(enriched, 0) + FILL(unplanned, 0) + FILL(unknown, 0))';
