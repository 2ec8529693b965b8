import { otherKinds } from '../shared/fleet/other-kinds.ts';

/** Providers that are laid beside a function only where a fleet needs them: see `shared/providers/kinds-of.ts`. */
export const providers = [...otherKinds, 'prometheus'] as const;

/** Languages, likewise: mail is in English unless the fleet file says otherwise. */
export const languages = ['ko', 'zh'] as const;

/** How the functions import them. */
export const importedLate = [
  ...providers.map((name) => `#provider-${name}`),
  ...languages.map((name) => `#words-${name}`),
];
