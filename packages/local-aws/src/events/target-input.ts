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
  const valueAt = (name: string): unknown =>
    (name in paths ? partOf(event, paths[name]!) : reserved[name]) ?? null;
  return transformer.InputTemplate!.replace(quotedOrPlaceholder, (found, name: string | undefined) =>
    name === undefined
      ? found.replace(placeholder, (_, inside: string) => escaped(valueAt(inside)))
      : JSON.stringify(valueAt(name)),
  );
}

const placeholder = /<([\w.-]+)>/g;
const quotedOrPlaceholder = /"(?:[^"\\]|\\.)*"|<([\w.-]+)>/g;

/** Inside of quotes a text stands without quotes of its own, and anything else as the text of its JSON. */
function escaped(value: unknown): string {
  return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
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
