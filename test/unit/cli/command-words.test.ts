import { describe, expect, it } from 'vitest';
import { serverWords } from '../../../cli/server-words.ts';
import { wallClock } from '../../../cli/wall-clock.ts';
import { commandWords, countIn } from '../../../cli/words/command-words.ts';
import { languages } from '../../../shared/sentences/language.ts';

const scripts = { en: /[a-z]/i, zh: /[\u4e00-\u9fff]/, ko: /[\uac00-\ud7a3]/ } as const;
/** What stands for names, and what is a command or AWS's own word. */
const untranslated = /X\d|npx cdk deploy --all/g;

/** All that the command says itself, those that take names with `X1`, `X2`… in their place. */
function saidIn(language: (typeof languages)[number]): [string, string][] {
  const { locale, ...words } = commandWords(language);
  return Object.entries(words).map(([key, word]) => [
    key,
    typeof word === 'string' ? word : (word as (...names: string[]) => string)('X1', 'X2', 'X3', 'X4'),
  ]);
}

describe.each(languages)('in %s', (language) => {
  const said = saidIn(language);

  it.each(said)('%s is of its own script, and complete', (_, text) => {
    const own = text.replaceAll(untranslated, '');
    expect(own).toMatch(scripts[language]);
    if (language !== 'en') expect(own).not.toMatch(/[A-Za-z]{3,}/);
    expect(text).not.toMatch(/undefined| {2}/);
  });

  it('every name that is given is said', () => {
    for (const [key, text] of said.filter(([, each]) => each.includes('X'))) expect(text, key).toMatch(/X1/);
    expect(commandWords(language).pausedBy('ann', undefined, 'release')).toMatch(/ann.*release/);
  });
});

it('a large number has its separators, and a weekday its name', () => {
  expect(countIn(commandWords('ko'), 1200)).toBe('1,200');
  const [monday, friday] = [Date.parse('2026-03-02T03:00:00Z'), Date.parse('2026-03-06T03:00:00Z')];
  const read = languages.map((each) => wallClock('Asia/Seoul', friday, commandWords(each).locale));
  expect(read.map((time) => time(monday))).toEqual(['Mon 03-02 12:00', '周一 03-02 12:00', '월 03-02 12:00']);
  expect(read.map((time) => time(friday))).toEqual(['12:00', '12:00', '12:00']);
});

it('servers are named with how they are, in the language of the reader', () => {
  const server = { id: 'i-1', lifecycle: 'ready', weight: 1, protectedFromScaleIn: true } as const;
  const servers = [
    server,
    { ...server, id: 'i-2', lifecycle: 'pending', protectedFromScaleIn: false } as const,
  ];
  expect(languages.map((each) => serverWords(servers, commandWords(each)))).toEqual([
    'i-1 (protected); pending: i-2',
    'i-1 (免于缩容); 启动中: i-2',
    'i-1 (스케일 인 보호); 시작 중: i-2',
  ]);
  expect(serverWords([server, server, server], commandWords('zh'), 1)).toBe('i-1 (免于缩容), 另有 2 台');
});
