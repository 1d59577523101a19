/**
 * Replaces the SDK's event streams in the bundle: no operation of API Gateway has one.
 */

/** Under the names that the SDK imports. */
export const eventStreamSerdeProvider = () => ({});

export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are not part of the bundle');
  }
}
