/**
 * Takes the place of the SDK's store of what each of several invocations at a time has: the function has
 * one at a time, whose trace id is in the environment.
 */

/** Under the name that the SDK imports. */
export const InvokeStore = { getInstanceAsync: async () => undefined };
