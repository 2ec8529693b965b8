/** Providers that are laid beside a function only where a fleet needs them: see `shared/providers/kinds-of.ts`. */
export const providers = ['ecs'] as const;

/** Languages, likewise: mail is in English unless the fleet file says otherwise. */
export const languages = ['ko', 'zh'] as const;
