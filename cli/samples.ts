import { join } from 'node:path';

/** The folder of sample events: a folder above this file, and above the built `dist/apigw-logs.js`. */
export const SAMPLES = join(__dirname, '..', 'events');
