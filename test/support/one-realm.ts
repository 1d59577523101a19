/**
 * Jest runs tests in a realm of its own, where errors that Node.js itself makes are no instances of
 * `Error`; the SDK then wraps them and hides their code. Import this to see what Lambda sees.
 */

import { types } from 'node:util';

const ordinary = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    return ordinary.call(this, value) || (this === Error && types.isNativeError(value));
  },
});
