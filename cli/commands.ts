/** One row a command; loaded when it is called, so that no command waits for another's libraries. */

import type { CommandRow } from './command';

export const commands: Readonly<Record<string, CommandRow>> = {
  invoke: {
    summary: 'run the function on sample events or your own, without an account',
    load: async () => (await import('./invoke/invoke')).invoke,
  },
  status: {
    summary: 'list the stages of the account, what each logs and where to',
    load: async () => (await import('./stages/status')).status,
  },
  doctor: {
    summary: 'say on one screen how the pipeline is, and what to type next',
    load: async () => (await import('./doctor/doctor')).doctor,
  },
  attach: {
    summary: 'let stages log to the pipeline',
    load: async () => (await import('./stages/attach')).attach,
  },
  detach: {
    summary: 'give stages back what they logged before',
    load: async () => (await import('./stages/detach')).detach,
  },
  replay: {
    summary: 'put what could not be processed back into the stream',
    load: async () => (await import('./replay/replay')).replay,
  },
  formats: {
    summary: 'print the log format to give a stage, or check one',
    load: async () => (await import('./formats/formats')).formats,
  },
  report: {
    summary: 'make a page of access logs, or print one of its panels',
    load: async () => (await import('./report/report')).report,
  },
  query: {
    summary: 'answer a SELECT over access logs',
    load: async () => (await import('./report/query')).query,
  },
  analytics: {
    summary: 'ask Athena whether it takes every statement of the panels',
    load: async () => (await import('./analytics/analytics')).analytics,
  },
  grafana: {
    summary: "print the panels as a dashboard for Grafana's Athena data source",
    load: async () => (await import('./analytics/grafana')).grafana,
  },
  rollup: {
    summary: 'close days that are over and write their roll-ups',
    load: async () => (await import('./analytics/rollup')).rollup,
  },
  audit: {
    summary: "list who changed what in API Gateway, from CloudTrail's records",
    load: async () => (await import('./audit/audit')).audit,
  },
  schema: {
    summary: 'list the columns of delivered lines',
    load: async () => (await import('./schema/schema')).schema,
  },
  completion: {
    summary: 'print what lets a shell complete commands and options',
    load: async () => (await import('./completion/completion')).completionOf(commands),
  },
};
