import about from '../package.json' with { type: 'json' };

/** Of the command, of what it deploys, and of the package. */
export const { version } = about;
