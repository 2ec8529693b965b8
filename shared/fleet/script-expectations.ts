import { scriptProblems } from './boot-script.ts';
import type { Expectation } from './expectations.ts';
import { readBeside, UnusableFile } from './file-beside.ts';

/** What is expected of the scripts that a fleet file names, as they lie in its folder. @param value what the file holds */
export function scriptExpectations(value: unknown, folder: string): Expectation[] {
  return Object.entries(mapping(mapping(value)['groups'])).flatMap(([group, one]) => {
    const launch = mapping(mapping(one)['launch']);
    const { userData } = launch;
    if (typeof userData !== 'string') return [];
    const environment = Object.entries(mapping(launch['environment'])).map(([name, text]) => [
      name,
      String(text),
    ]);
    return problemsOf(folder, userData, Object.fromEntries(environment)).map((expected) => ({
      path: ['groups', group, 'launch', 'userData'],
      expected,
      about: 'value' as const,
    }));
  });
}

function problemsOf(folder: string, path: string, environment: Readonly<Record<string, string>>): string[] {
  try {
    return scriptProblems(readBeside(folder, path), environment);
  } catch (error) {
    if (error instanceof UnusableFile) return [error.message];
    throw error;
  }
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
