/** Loaded before suites by `npm run fuzz` and `npm run test:quick`: properties that name no number of cases. */

import fc from 'fast-check';
import { fuzzRuns } from './fuzz-runs';

/** As many as fast-check tries. */
const USUAL = 100;

fc.configureGlobal({ numRuns: fuzzRuns(USUAL) });
