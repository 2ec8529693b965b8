/** In which sentences are said. */
export const languages = ['en', 'zh', 'ko'] as const;

export type Language = (typeof languages)[number];

/**
 * The language that a locale asks for: `zh_CN.UTF-8`, `ko-KR`, `en`.
 * @returns English where it asks for another, or for none
 */
export function languageOf(locale: string | undefined): Language {
  const asked = locale?.slice(0, 2).toLowerCase();
  return languages.find((language) => language === asked) ?? 'en';
}
