import { foreignReference } from './foreign-reference.ts';

/** `{{NAME}}` in a script. */
const place = /\{\{\s*(\w+)\s*\}\}/g;

/**
 * What keeps a script from being put before a server. A value is pasted where `{{NAME}}` stands, and a shell runs what
 * comes of that: so only values that a shell takes as they are may be; every other one is there as `"$NAME"`.
 * @param environment the launch's, as the fleet file has it
 */
export function scriptProblems(script: string, environment: Readonly<Record<string, string>>): string[] {
  const names = new Set([...script.matchAll(place)].map(([, name]) => name!));
  const problems = [...names].flatMap((name) => placeProblem(name, environment));
  const reference = foreignReference(script);
  if (reference) problems.push(reference);
  if (script.includes('\r'))
    problems.push('expected line ends of Unix: a shell takes \\r for a part of the word');
  return problems;
}

function placeProblem(name: string, environment: Readonly<Record<string, string>>): string[] {
  if (!Object.hasOwn(environment, name))
    return [
      `expected no {{${name}}}, which is not in the launch's environment (a secret is read as "$${name}")`,
    ];
  if (/^[\w.,:/@%+=-]*$/.test(environment[name]!)) return [];
  return [
    `expected "$${name}" for {{${name}}}: its value has characters that mean something to a shell, and a shell would run what is pasted`,
  ];
}

/** The script with its values in their places. @param values what each name of the environment stands for */
export function filledIn(script: string, values: Readonly<Record<string, string>>): string {
  return script.replaceAll(place, (whole, name: string) => values[name] ?? whole);
}
