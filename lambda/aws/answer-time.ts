/** The time of a service, from the header of each answer: the SDK does not pass that header on. */

interface Answer {
  readonly response: unknown;
}

type Send = (args: never) => Promise<Answer>;

export interface AnsweringClient {
  readonly middlewareStack: {
    add(
      middleware: (next: Send) => Send,
      options: { readonly step: 'deserialize'; readonly priority: 'low' },
    ): void;
  };
}

/** Reports the time of each answer of the client, refusals included, in milliseconds since 1970. */
export function onAnswerTime(client: AnsweringClient, report: (time: number) => void): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const time = timeOf(answer.response);
      if (time !== undefined) report(time);
      return answer;
    },
    { step: 'deserialize', priority: 'low' },
  );
}

function timeOf(response: unknown): number | undefined {
  const { headers = {} } = (response ?? {}) as { headers?: Readonly<Record<string, string>> };
  const time = Date.parse(headers['date'] ?? '');
  return Number.isNaN(time) ? undefined : time;
}
