import { badRequest } from './status.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * `app=web,tier in (a,b),!old`.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 * @throws StatusError BadRequest
 */
export function selects(selector: string): (labels: Labels) => boolean {
  const terms = selector.split(/,(?![^(]*\))/).filter((term) => term.trim() !== '');
  const tests = terms.map(termOf);
  return (labels) => tests.every((test) => test(labels));
}

function termOf(term: string): (labels: Labels) => boolean {
  const text = term.trim();
  const [, key, operator, list] = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text) ?? [];
  if (key !== undefined) {
    const values = list!.split(',').map((value) => value.trim());
    return (labels) => values.includes(labels[key] ?? '') === (operator === 'in');
  }
  const [, name, sign, value] = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(text) ?? [];
  if (name !== undefined) return (labels) => (labels[name] === value) === (sign !== '!=');
  const [, absent, exists] = /^(!?)([\w./-]+)$/.exec(text) ?? [];
  if (exists === undefined) throw badRequest(`unable to parse requirement: ${text}`);
  return (labels) => exists in labels === (absent === '');
}
