import type { Target } from '@aws-sdk/client-eventbridge';

/**
 * What a rule's target gets of an event: all of it, a part (`InputPath`), a constant (`Input`), or a text made of
 * parts (`InputTransformer`).
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function inputFor(target: Target, event: Readonly<Record<string, unknown>>): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(partOf(event, target.InputPath) ?? null);
  const transformer = target.InputTransformer;
  if (!transformer) return JSON.stringify(event);
  const reserved: Record<string, unknown> = {
    'aws.events.event.ingestion-time': event['time'],
    'aws.events.event': event,
    'aws.events.event.json': event,
  };
  const paths = transformer.InputPathsMap ?? {};
  const template = transformer.InputTemplate!;
  return template.replace(/("[^"]*)?<([\w.-]+)>/g, (whole, before: string | undefined, name: string) => {
    const value = name in paths ? partOf(event, paths[name]!) : reserved[name];
    if (value === undefined && !(name in paths)) return whole;
    const text = JSON.stringify(value ?? null);
    // Inside of quotes a text stands without quotes of its own.
    return before === undefined
      ? text
      : before + (typeof value === 'string' ? text.slice(1, -1) : escaped(text));
  });
}

function escaped(json: string): string {
  return JSON.stringify(json).slice(1, -1);
}

/** The part that a JSON path of names and indexes leads to: `$.detail.items[0].name`. */
function partOf(event: unknown, path: string): unknown {
  const steps = path.match(/[^.$[\]'"]+/g) ?? [];
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined,
    event,
  );
}
