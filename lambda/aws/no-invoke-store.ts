/**
 * Replaces the SDK's store for several invocations at a time: the function has
 * one at a time, whose trace id is in the environment.
 */

/** Under the name that the SDK imports. */
export const InvokeStore = { getInstanceAsync: async () => undefined };
