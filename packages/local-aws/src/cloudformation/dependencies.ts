import { ServiceError } from '../service.ts';
import type { Template } from './template.ts';

/**
 * For each resource the resources that have to be there before it: `DependsOn` and every `Ref`, `Fn::GetAtt` and
 * `Fn::Sub` in its properties, among the `included` ones (a condition may leave a resource out).
 * @throws ServiceError `ValidationError` for a name that does not exist and for a circle.
 */
export function dependencies(template: Template, included: ReadonlySet<string>): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const id of included) {
    const resource = template.Resources[id]!;
    const named = [...resource.DependsOn, ...references(resource.Properties)];
    const unknown = named.find((name) => !(name in template.Resources) && !(name in template.Parameters));
    if (unknown)
      throw invalid(`Unresolved resource dependencies [${unknown}] in the Resources block of the template`);
    graph.set(id, new Set(named.filter((name) => included.has(name))));
  }
  refuseCircles(graph);
  return graph;
}

/** Names of resources and parameters that a template value refers to, pseudo parameters left out. */
export function references(value: unknown): string[] {
  return namesIn(value).filter((name) => !name.startsWith('AWS::'));
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, argument]) => {
    if (key === 'Ref' && typeof argument === 'string') return [argument];
    if (key === 'Fn::GetAtt')
      return [String(Array.isArray(argument) ? argument[0] : argument).split('.')[0]!];
    if (key === 'Fn::Sub') return [...namesInText(argument), ...namesIn(argument)];
    return namesIn(argument);
  });
}

function namesInText(argument: unknown): string[] {
  const [text, variables = {}] = Array.isArray(argument) ? argument : [argument];
  return [...String(text).matchAll(/\$\{([^!}][^}]*)\}/g)]
    .map((match) => match[1]!)
    .filter((name) => !(name in variables))
    .map((name) => name.split('.')[0]!);
}

function refuseCircles(graph: ReadonlyMap<string, ReadonlySet<string>>): void {
  const left = new Map([...graph].map(([id, before]) => [id, new Set(before)]));
  for (;;) {
    const free = [...left].filter(([, before]) => before.size === 0).map(([id]) => id);
    if (free.length === 0) break;
    for (const id of free) left.delete(id);
    for (const before of left.values()) for (const id of free) before.delete(id);
  }
  if (left.size > 0) throw invalid(`Circular dependency between resources: [${[...left.keys()].join(', ')}]`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', `Template error: ${message}`);
}
