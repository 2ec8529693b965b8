import { type Command, Option } from 'commander';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { unitsOf } from '../shared/fleet/unit-of.ts';
import type { Catalogue } from '../shared/sentences/catalogue.ts';
import { english } from '../shared/sentences/en.ts';
import { korean } from '../shared/sentences/ko.ts';
import { type Language, languageOf, languages } from '../shared/sentences/language.ts';
import { type Speaker, speaker } from '../shared/sentences/speaker.ts';
import { chinese } from '../shared/sentences/zh.ts';

export interface LanguageOptions {
  readonly lang?: Language;
}

const catalogues: Readonly<Record<Language, Catalogue>> = { en: english, zh: chinese, ko: korean };

/** Adds `--lang`. */
export function withLanguageOption(command: Command): Command {
  return command.addOption(
    new Option('--lang <language>', 'of what is said of groups; default: that of LANG, or en').choices(
      languages,
    ),
  );
}

/** Says what the engine says in the language that was asked for, or that of the terminal, on the fleet's clock. */
export function speakerFor({ lang }: LanguageOptions, fleet: Fleet): Speaker {
  const { env } = process;
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'];
  return speaker(catalogues[lang ?? languageOf(locale)], fleet.timeZone, unitsOf(fleet));
}
