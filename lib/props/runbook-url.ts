/** Where an alarm's message leads to; it begins with the package's `homepage`. */
export const DEFAULT_RUNBOOK_URL =
  'https://github.com/apigateway-access-logs/apigateway-access-logs/blob/main/docs/runbook.md';
