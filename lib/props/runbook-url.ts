/** Where alarms' descriptions find the runbook unless they are told another place. */
export const DEFAULT_RUNBOOK_URL = 'docs/runbook.md';
